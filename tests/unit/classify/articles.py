"""Articles written for the tests: short news in the usual style, about people and events that do not exist."""

from schemas.article import Block
from worker.models import CleanArticle


def article(headline: str, *paragraphs: str, standfirst: str | None = None) -> CleanArticle:
    """A clean article of these parts."""
    return CleanArticle(
        headline=headline,
        standfirst=standfirst,
        byline=(),
        published=None,
        body=tuple(Block(kind="paragraph", text=text) for text in paragraphs or ("No text.",)),
        captions=(),
        links=(),
        removed=(),
        warnings=(),
    )


MEMBERSHIP_REBUFF = article(
    "NATO holds back on inviting Georgia despite Tbilisi’s “open gate” appeal",
    "NATO Secretary-General Ingrid Solheim promised lasting support but named no date for membership.",
    "NATO members renewed their promise that Georgia will one day belong to the alliance as their defense "
    "ministers met in Riga, but gave neither a timetable nor an immediate invitation.",
    "The answer follows an appeal by President Nino Lomidze, who wants faster accession to the alliance and "
    "stronger military capabilities for a country that lives with the memory of a war with Russia.",
    "“The road is long, but it leads here,” Ms Solheim said. She added that Georgia should enter any talks with "
    "Moscow from strength, and that its territorial integrity is not up for negotiation.",
    "The US ambassador to NATO, Carol Whitfield, said that nothing had changed since the summit declaration in June.",
    "Georgia has also asked for air defense systems, artillery and armored vehicles.",
    "Its ambassador in Brussels said a formal invitation would outlast any single package of weapons.",
    standfirst="NATO Secretary-General Ingrid Solheim spoke of a long-term commitment to Georgia.",
)

MEMBERSHIP_TALKS = article(
    "NATO opens membership talks with Moldova",
    "NATO ambassadors agreed on Tuesday to open membership talks with Moldova, a step that its foreign minister "
    "called historic. Negotiators will meet in Brussels next month.",
    "The alliance will also help to reform the armed forces, and Moldova’s defense ministry expects new radars.",
)

TROOP_EXERCISE = article(
    "Ten thousand troops begin winter exercise in Lapland",
    "Soldiers from six countries began a two-week military exercise above the Arctic Circle on Monday, the Finnish "
    "defence ministry said. Infantry and artillery units will practise with live ammunition.",
    "Fighter jets and a navy frigate take part. “We train as we would fight,” said Brigadier Antti Korpela.",
)

FOOTBALL_MATCH = article(
    "Rovers win battle of the valley with late strike",
    "Harlow Rovers sealed a 2-1 victory over Penbrook United on Saturday after a late strike from their captain.",
    "The visitors’ attack had troubled the home defense in the first half, but goalkeeper Sam Idris saved every "
    "shot. United’s striker fired over from the penalty spot before the break.",
    "“It was a war out there,” head coach Lena Marsh said. “We defended like soldiers and took our chance.” The win "
    "lifts Rovers to third in the league ahead of the derby.",
)

ARMS_EXPORT = article(
    "Sweden approves sale of fighter jets to Chile",
    "Stockholm approved an arms export deal worth two billion dollars on Thursday under which Chile’s air force "
    "will get 18 fighter aircraft and missiles. The defense minister called it a milestone for the defense industry.",
)

PEACE_TALKS = article(
    "Peace talks resume as shelling goes on in the valley",
    "Envoys of the government and of the rebels resumed peace talks in Doha on Monday, diplomats said, while fighting "
    "continued near the front line and shelling killed four civilians.",
    "The mediators hope for a ceasefire within a week. Militia leaders sent a delegation for the first time.",
)

GENERAL_ON_TRIAL = article(
    "General goes on trial over missing army funds",
    "The trial of a former army general accused of fraud opened in the capital on Monday. Prosecutors told the court "
    "that he had diverted defense ministry money meant for soldiers’ housing.",
    "He pleaded not guilty. The judge adjourned the case until May; he faces twelve years in prison if convicted.",
)

WAR_FILM = article(
    "War drama takes top prize at film festival",
    "A film about two soldiers who desert in the last days of a war won the main prize at the Lakeside film festival "
    "on Sunday. The actor Mira Dahl was named best actress.",
    "The director’s debut, shot in black and white, follows the pair from the front line to a ruined cinema. It opens "
    "in theatres next month and critics see it as an Oscar contender.",
)

DEFENSE_LAWYER = article(
    "Jury hears closing words in bakery murder case",
    "The defense lawyer asked the jury on Friday to acquit a baker who is charged with murder. Her client had acted in "
    "fear, the defense attorney told the court.",
    "Prosecutors want a life sentence. The judge expects a verdict next week.",
)

GENERAL_STRIKE = article(
    "General strike brings Portugal to a halt",
    "Workers across Portugal walked out on Wednesday in a general strike over wages. The trade unions said that eight "
    "in ten employees took part, and pickets stood outside the ports.",
    "Union leaders want a pay rise of nine percent and a higher minimum wage.",
)

AIR_STRIKE = article(
    "Air strike on depot kills nine",
    "An air strike hit a fuel depot held by rebels before dawn on Friday, killing nine people, residents said. "
    "Shelling was heard in two villages near the front line and fighting went on into the night.",
)
