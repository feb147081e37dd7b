"""What French pages say of themselves; the tables are as those of ``phrases`` and ``notices``."""

from worker.cleaning.tables import Labels, Notices, Signs, begins, exactly, phrases, somewhere

LABELS: Labels = (
    (
        "related",
        exactly(
            r"(?:à |a )?(?:lire|voir|découvrir|écouter)(?: (?:aussi|également|ensuite))?|sur le même (?:sujet|thème)",
            r"articles? (?:liés?|similaires?|associés?|recommandés?)|(?:articles )?(?:les )?plus (?:lus|partagés)",
            r"vous aimerez (?:aussi|peut-être).{0,20}|cela (?:peut|pourrait|devrait) (?:aussi )?vous intéresser",
            r"(?:[\w'-]{1,15} ){1,4}vous (?:recommande|conseille)",
            r"dans la même (?:rubrique|catégorie)|pour aller plus loin|mots-clés",
            r"(?:nos )?recommandations",
        ),
    ),
    (
        "comments",
        exactly(
            r"(?:\d{1,6} |aucun |les |voir les |lire les )?(?:commentaires?|réactions|contributions)(?: \(\d{1,6}\))?",
            r"commenter|réagir|donnez votre avis|(?:ajouter|écrire|laisser|publier) un commentaire",
        ),
    ),
    (
        "newsletter",
        exactly(
            r"(?:la |notre |nos )?newsletters?|lettre d'information|s'(?:abonner|inscrire)(?: à .{0,40})?",
            r"je m'(?:inscris|abonne)|votre (?:adresse )?(?:e-?mail|mail|courriel|adresse électronique)",
        ),
    ),
    ("advertisement", exactly(r"publicité|(?:la )?suite après (?:la|cette) publicité|contenu sponsorisé")),
    (
        "share",
        exactly(
            r"partage[rz]?(?: (?:sur|par|via|cet|cette)\b.{0,30})?|copier le lien|envoyer par (?:e-?mail|courriel)",
            r"imprimer|sauvegarder|ajouter à (?:vos|mes|votre) [\w ]{1,20}|tweeter|offrir (?:cet |l')article",
            r"suivez-nous(?: .{0,40})?|nous suivre.{0,30}",
        ),
    ),
    ("donation", exactly(r"(?:je fais|faire|faites) un don|je donne|soutenez-nous|nous soutenir")),
    (
        "cookie_notice",
        exactly(
            r"tout (?:accepter|refuser)|(?:accepter|refuser) (?:tout|et .{0,20})|continuer sans accepter|paramétrer"
        ),
    ),
    (
        "navigation",
        exactly(
            r"aller au (?:contenu|menu).{0,20}|accueil|à la une|rechercher?|se (?:connecter|déconnecter)|connexion",
            r"mon compte|mentions légales|données personnelles|politique (?:de|des) \w{5,15}|gestion "
            r"des cookies|conditions générales.{0,30}|(?:nous )?contacter|contacts?|plan du site|qui sommes-nous",
            r"(?:temps de )?lecture ?:? ?\d{1,3} min(?:utes?)?\.?|\d{1,3} min(?:utes)? de lecture|écouter l'article",
            r"il y a \d{1,2} (?:minutes?|heures?|jours?)|aujourd'hui|hier|en direct|suivant|précédent|fermer|retour",
            r"lire la suite|(?:voir|afficher) plus|à propos de l'auteure?|à propos|contact presse",
        ),
    ),
)

OPENINGS: Labels = (
    ("related", begins(r"(?:à |a )?(?:re)?(?:lire|voir|écouter)(?: (?:aussi|également|encore))?\s?[:»>|]\s?")),
    ("share", begins(r"(?:suivez|retrouvez)-nous sur")),
    ("navigation", begins(r"sources? :\s?")),
    ("comments", begins(r"pour (?:commenter|réagir)\b|les commentaires sont")),
)

NOTICES: Notices = (
    (
        "donation",
        2,
        somewhere(
            r"soutenez(?:-nous| (?:notre|une presse|la rédaction|le journal))|fai(?:te|re)s? un don",
            r"votre (?:don|soutien)\b.{0,20}\bdéductible|grâce à (?:ses|nos|vos) (?:lecteurs|donateurs|abonnés|dons)",
        ),
    ),
    (
        "donation",
        1,
        somewhere(
            r"votre (?:soutien|don|générosité)|presse (?:libre|indépendante)|déductible|(?:euros|€) par mois",
            r"grâce à vous|je fais un don",
        ),
    ),
    (
        "cookie_notice",
        2,
        somewhere(
            r"nous (?:et nos partenaires )?(?:utilisons|déposons|stockons)\b.{0,40}\bcookies",
            r"(?:ce|notre) site\b.{0,20}\butilise\b.{0,20}\bcookies",
        ),
    ),
    (
        "cookie_notice",
        1,
        somewhere(r"votre consentement|vos choix|mesurer l'audience|accepter, refuser|vous proposer des"),
    ),
    (
        "newsletter",
        2,
        somewhere(
            r"(?:inscrivez|abonnez)-vous\b.{0,40}\b(?:newsletter|lettre|infolettre|alertes)",
            r"dans votre boîte (?:mail|e-?mail|de réception)|vous désinscrire|désabonner",
        ),
    ),
    ("copyright", 2, somewhere(r"tous droits (?:.{0,50} )?réservés")),
    (
        "comments",
        2,
        somewhere(r"pour (?:commenter|réagir), (?:connectez|identifiez)-vous|commentaires sont (?:fermés|modérés)"),
    ),
)

SIGNS: Signs = {
    "donation": phrases("soutenez, un don, votre, grâce à, déductible, par mois, presse"),
    "cookie_notice": phrases("cookie, votre, vos choix, audience, refuser, proposer"),
    "newsletter": phrases("inscrivez, abonnez, boîte, désinscrire, désabonner"),
    "copyright": phrases("droits"),
    "comments": phrases("commenter, réagir, commentaires"),
}
