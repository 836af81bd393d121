// Before the first paint: says that scripts run, so that the menu may fold. Everything works without.
document.documentElement.classList.add("js");
