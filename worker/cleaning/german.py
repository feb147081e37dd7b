"""What German pages say of themselves; the tables are as those of ``phrases`` and ``notices``."""

from worker.cleaning.tables import Labels, Notices, Signs, begins, exactly, phrases, somewhere

LABELS: Labels = (
    (
        "related",
        exactly(
            r"mehr zum thema.{0,40}|lesen sie (?:auch|hierzu|dazu|mehr|weiter).{0,20}|auch interessant|passend dazu",
            r"(?:das|dies) (?:könnte|dürfte) (?:sie|dich|euch) (?:auch |ebenfalls |noch )?interessieren.{0,20}",
            r"(?:weitere|ähnliche|verwandte) (?:artikel|themen|nachrichten|meldungen|recherchen|beiträge|berichte)",
            r"mehr (?:aus|zu) (?:der |dem |diesem )?[\w-]{1,30}|(?:am )?meist(?:gelesen|geklickt|kommentiert)e?n?",
            r"(?:unsere )?empfehlungen(?: der redaktion)?|top-themen|themen(?: in diesem artikel)?|schlagwörter",
        ),
    ),
    (
        "comments",
        exactly(
            r"(?:\d{1,6} |keine |alle |zu den )?(?:leser)?kommentare?(?: \(\d{1,6}\))?"
            r"(?: (?:schreiben|lesen|anzeigen|verfassen|laden))?",
            r"kommentieren|mitdiskutieren|diskutieren sie mit|schreiben sie (?:einen|den ersten) kommentar",
        ),
    ),
    (
        "newsletter",
        exactly(
            r"(?:unser |der |zum )?newsletter(?: (?:abonnieren|bestellen|anmeldung)|:? [„\"«“].{0,40})?",
            r"(?:jetzt |hier |kostenlos )(?:anmelden|abonnieren|bestellen)|abonnieren|(?:ihre )?e-?mail-?adresse",
        ),
    ),
    ("advertisement", exactly(r"anzeigen?|werbung|advertorial|gesponsert")),
    (
        "share",
        exactly(
            r"(?:(?:diesen )?(?:artikel|beitrag) |seite )?(?:teilen|drucken|merken|verschenken|versenden)",
            r"teilen (?:auf|via|per|mit|bei) [\w-]{1,20}|(?:auf|per|via) [\w-]{1,20} (?:teilen|senden|versenden)",
            r"link kopieren|weiterempfehlen|e-mail",
        ),
    ),
    ("donation", exactly(r"(?:jetzt |online )?spenden|(?:förder)?mitglied werden|unterstützen sie uns")),
    (
        "cookie_notice",
        exactly(r"alle(?: cookies)? (?:akzeptieren|ablehnen)|(?:nur )?notwendige cookies(?: .{0,20})?|zustimmen"),
    ),
    (
        "navigation",
        exactly(
            r"(?:direkt )?zum (?:inhalt|menü|seitenanfang).{0,20}|(?:zur )?startseite|menü|suchen?|anmelden|abmelden",
            r"registrieren|mein konto|impressum|datenschutz(?:erklärung|hinweise?)?|agb|kontakt|über uns|mediadaten",
            r"nutzungsbedingungen|(?:cookie-)?einstellungen|barrierefreiheit|nach oben|schließen|zurück|weiterlesen",
            r"(?:lesezeit|lesedauer).{0,20}|(?:ca\. )?\d{1,3} min(?:uten)?\.? lese(?:zeit|dauer)|mehr anzeigen",
            r"(?:artikel )?(?:anhören|vorlesen)|bildergalerie|fotostrecke|vor \d{1,2} (?:minuten|stunden?|tag(?:en)?)",
            r"audio|zur person|über d(?:ie autorin|en autor|ie autoren)",
        ),
    ),
)

OPENINGS: Labels = (
    (
        "related",
        begins(r"(?:lesen sie (?:auch|mehr|hierzu|dazu)|mehr (?:dazu|zum thema)|auch interessant)\s?[:»>|]\s?"),
    ),
    ("share", begins(r"folgen sie (?:uns|[\w ]{1,30}) (?:auf|bei)")),
    ("comments", begins(r"um zu kommentieren|die kommentarfunktion")),
    ("navigation", begins(r"(?:über )?dieses thema im programm|sie haben einen fehler")),
)

NOTICES: Notices = (
    (
        "donation",
        2,
        somewhere(
            r"(?:unterstützen|unterstütze) (?:sie )?(?:uns|unsere (?:arbeit|recherchen?|redaktion))",
            r"(?:helfen sie|hilf) uns|(?:werden sie|werde) (?:förder)?mitglied|mit (?:einer|ihrer) (?:\w+ )?spende",
        ),
    ),
    (
        "donation",
        1,
        somewhere(
            r"leserinnen und lesern? wie sie|unabhängig (?:zu )?bleiben|euro im monat|gemeinnützig\w{0,3}",
            r"frei zugänglich|jeder (?:beitrag|euro) (?:hilft|zählt)|von der steuer absetzen|ihre spende|unsere arbeit",
        ),
    ),
    (
        "cookie_notice",
        2,
        somewhere(
            r"(?:wir|partner|website)\b.{0,30}\b(?:verwenden|nutzen|setzen|verwendet|nutzt|setzt)\b.{0,30}cookies"
        ),
    ),
    (
        "cookie_notice",
        1,
        somewhere(r"ihre einwilligung|alle akzeptieren|zu personalisieren|datenschutzerklärung|stimmen sie"),
    ),
    (
        "newsletter",
        2,
        somewhere(
            r"(?:abonnieren|bestellen) sie\b.{0,60}\bnewsletter|in ihr(?:em)? (?:e-?mail-?)?postfach",
            r"(?:zum|unser|der|den) (?:\w+ )?newsletter\b.{0,60}\b(?:abonnieren|anmelden|bestellen)",
        ),
    ),
    ("newsletter", 1, somewhere(r"jederzeit (?:kündbar|abbestell\w{2,4})|nichts mehr verpassen")),
    ("copyright", 2, somewhere(r"alle rechte vorbehalten")),
    ("comments", 2, somewhere(r"um zu kommentieren|kommentarfunktion|bitte melden sie sich an")),
)

SIGNS: Signs = {
    "donation": phrases(
        """
        unterstütz, helfen sie, hilf uns, mitglied, spende, leserinnen, unabhängig, euro im monat, gemeinnützig,
        zugänglich, jeder, steuer, unsere arbeit
        """
    ),
    "cookie_notice": phrases("cookie, einwilligung, akzeptieren, personalisier, datenschutz, stimmen sie"),
    "newsletter": phrases("newsletter, postfach, jederzeit, verpassen"),
    "copyright": phrases("vorbehalten"),
    "comments": phrases("kommentar, kommentier, melden sie"),
}
