// Small comforts. Each page does its whole job without this file.
(() => {
  "use strict";

  const menu = document.getElementById("menu");
  const menuButton = document.getElementById("menu-button");
  if (menu && menuButton) {
    const show = (open) => {
      menu.toggleAttribute("data-open", open);
      menuButton.setAttribute("aria-expanded", String(open));
    };
    menuButton.addEventListener("click", () => show(!menu.hasAttribute("data-open")));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.hasAttribute("data-open")) {
        show(false);
        menuButton.focus();
      }
    });
  }

  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();

  // A second press while the first is on its way would do the gesture twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });
})();
