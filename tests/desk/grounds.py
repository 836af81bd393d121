"""An article that sends a ticket to each party, as the shipped rules cite them."""

from router.model.words import Party

ARTICLES = {
    Party.DEPARTEMENT_MAINTENANCE: "3.1.3",
    Party.ACADEMIE_DSI: "3.2.3",
    Party.RUPN: "3.2.4",
    Party.RSSI: "3.1.5",
}
