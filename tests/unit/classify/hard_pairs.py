"""Articles that a careless reader files wrongly, written for the tests, and their topics by training/labels/GUIDE.md.

A word that is at home in one topic stands here in an article of another: a bishop on a chessboard, a trade of
basketball players, an alliance that speaks of membership more than of arms. The people and the events do not exist.
"""

from typing import NamedTuple

from tests.unit.classify.articles import article
from worker.models import CleanArticle


class HardPair(NamedTuple):
    """An article and what it is about.

    Attributes:
        given: The topics that it must be given; the first is the one to file it by, the others follow in any order.
        never: The topics that only a careless reader would give it. Of all that stand in neither, nothing is said.
    """

    article: CleanArticle
    given: tuple[str, ...]
    never: frozenset[str]


def about(given: str, never: str, headline: str, *paragraphs: str) -> HardPair:
    """An article, its topics and those that it has not, each list with commas between."""
    return HardPair(article(headline, *paragraphs), tuple(given.split(", ")), frozenset(never.split(", ")))


HARD_PAIRS = {
    "an alliance puts off an invitation": about(
        "diplomacy, defense",
        "elections, sport, trade, labour, culture",
        "Ukraine will have to wait for NATO invitation, envoy says",
        "BRUSSELS — Ukraine should not expect an invitation to join NATO at this summer’s summit or soon after it, the "
        "American ambassador to the alliance said on Thursday, though allies are working on wording that would bring "
        "Kyiv closer.",
        "Before a meeting of foreign ministers, Ambassador Helen Prescott said that the 32 members agreed on where "
        "Ukraine’s future lay but not on when. “Nobody is going to name a date in the short term,” she said. “What "
        "leaders can do is make plain in the declaration that the door stays open.”",
        "Talks on the text have gone on for weeks. Poland and the Baltic states want a promise that cannot be taken "
        "back; Germany and Hungary have argued for caution while the country is at war. Kyiv’s mission called the "
        "outcome disappointing.",
        "Ministers are also expected to discuss what Ukraine needs on the ground. Two allies will send more Patriot "
        "interceptors and 155-millimetre shells, and a plan to train Ukrainian brigades outside the country is to be "
        "settled before autumn.",
        "“Membership is the strongest guarantee there is,” said Ostap Verbytsky, who advises the foreign ministry in "
        "Kyiv.",
    ),
    "a tariff quarrel over guns": about(
        "trade",
        "defense, conflict, sanctions, sport, crime_justice",
        "European gunmakers caught in tariff fight with Washington",
        "Makers of hunting rifles and sporting shotguns from Brescia to Ferlach say they are losing American customers "
        "after the United States raised the duty on imported firearms to 30 percent, in the latest exchange of fire in "
        "its quarrel with Brussels over steel.",
        "Guns were added to the list last month in retaliation for European levies on bourbon and motorcycles. The "
        "American market takes almost half of what the Italian and Austrian workshops produce, according to their "
        "association.",
        "“We are ammunition in somebody else’s war,” said Renzo Bellavite, whose family has made shotguns for four "
        "generations. Two orders worth 900,000 euros were cancelled in a week, he said, and crates are standing in a "
        "warehouse in Baltimore until someone pays the difference.",
        "Negotiators from both sides meet in Geneva on Monday. Officials spoke of a possible truce under which each "
        "would suspend its surcharges for six months while the complaint is heard by the World Trade Organization.",
    ),
    "an export of howitzers": about(
        "defense, diplomacy",
        "conflict, trade, sport, transport",
        "Czech government signs off howitzers for Moldova",
        "The Czech government gave its consent on Wednesday to the export of 24 self-propelled howitzers to Moldova, "
        "the largest such order that the small republic has placed since independence.",
        "The licence, which had been held up for a year, covers the guns, 6,000 rounds and the training of crews at a "
        "range in northern Moravia. The first vehicles will leave by rail in October.",
        "Moldova’s army still relies mostly on equipment from the 1980s. Colonel Vadim Rusnac of the general staff in "
        "Chisinau said that two battalions would be re-equipped and that the old pieces would go into storage, “not on "
        "the market”.",
        "Russia’s foreign ministry summoned the Czech chargé d’affaires and called the shipment a provocation. Prague "
        "answered that a neutral country has every right to protect itself, and the European Union, which pays for "
        "part of the order, said it would go ahead.",
    ),
    "peace talks while guns stay loud": about(
        "diplomacy, conflict",
        "labour, sport, terrorism, agriculture",
        "Sudan’s rivals in one room at last as guns stay loud at home",
        "Delegations from Sudan’s army and the paramilitary force that it has fought for years sat down in the same "
        "room on Sunday for the first time since spring, according to the Omani officials who are hosting them.",
        "The first round lasted four hours and dealt mostly with procedure. A draft seen by two of those present "
        "proposes a pause of thirty days, an exchange of prisoners and corridors for food convoys. Neither team would "
        "say whether it could sign.",
        "“They shook hands, which is more than I had hoped for,” said Idris Farah, a former Kenyan envoy who shuttles "
        "between the two floors of the hotel. He warned that a walkout was still possible.",
        "As they met, artillery hit the outskirts of El Obeid and drones were seen over the airport. A hospital there "
        "reported eleven dead, among them three children, and people who had only just returned to their homes were "
        "leaving again.",
    ),
    "a general in the dock": about(
        "crime_justice, defense",
        "conflict, elections, sport, terrorism",
        "Ex-procurement chief took bribes over helicopters, court told",
        "A retired three-star general who ran the Bulgarian army’s procurement office took at least 1.4 million euros "
        "from a helicopter dealer, prosecutors said on Tuesday as his trial opened in Sofia.",
        "General Stoyan Manchev, 63, is accused of having rewritten the specifications for twelve transport "
        "helicopters so that only one bidder could meet them. He denies the charges. The aircraft were delivered three "
        "years late and half are grounded for lack of spare parts, an audit for the defense ministry found.",
        "The indictment runs to 900 pages and names two officers of his former staff, who have made a deal with the "
        "prosecution and are to give evidence. The money is said to have passed through a firm in Cyprus owned by the "
        "general’s brother-in-law.",
        "“My client served for 38 years and will clear his name,” his lawyer, Petya Kalcheva, said outside the "
        "building. If found guilty he could go to prison for up to fifteen years. The judges expect to sit until "
        "November.",
    ),
    "a film about a siege": about(
        "culture",
        "conflict, defense, terrorism, human_rights",
        "Siege drama finds its war in a kitchen",
        "There is hardly a soldier to be seen in “Bread for Nine Days”, the new film by the Bosnian director Amra "
        "Delić, and yet the shelling never stops. It comes through the walls of a cellar in which eleven neighbours "
        "share a stove.",
        "Delić, who was seven when her own town was surrounded, has said that she wanted to make the opposite of a "
        "combat picture. The camera leaves the house only twice. When a sniper kills the baker we hear it from below, "
        "and watch the faces.",
        "Not everything comes off. The second hour sags, and a subplot about a deserter seems to belong to another "
        "script. But Jasna Perković, as the widow who rations the flour, gives the performance of the year.",
        "The picture opens on Friday in forty cinemas, after its premiere in Locarno in August brought ten minutes of "
        "applause.",
    ),
    "a trade to mend a defense": about(
        "sport",
        "trade, defense, economy, conflict, labour",
        "Harbor City send Whitlock to Denver in three-way trade",
        "The Harbor City Kings traded away guard Marcus Whitlock on Wednesday, hours before the deadline, in a "
        "three-team deal meant to repair the worst defense in the conference.",
        "In return they get the seven-footer Goran Pešić, two first-round picks and room under the salary cap. Denver "
        "takes on the remaining $61 million of Whitlock’s contract.",
        "The Kings have given up 121 points a night since Christmas and lost nine of eleven. “We could shoot with "
        "anybody, but we couldn’t guard anybody,” general manager Ellis Boone said. “Goran changes what teams are "
        "willing to attack.”",
        "Whitlock, 27, hit the shot that beat Boston in the playoffs two years ago and was popular in the city; a few "
        "hundred fans gathered outside the arena with candles. He called the move “strictly business” and thanked "
        "them. Pešić could make his debut on Saturday against Utah.",
    ),
    "the defense rests": about(
        "crime_justice",
        "defense, conflict, agriculture, environment, sport",
        "Defense rests in ranger shooting without calling the accused",
        "Lawyers for Dale Hutchins, the rancher accused of killing a park ranger in a quarrel about grazing, ended "
        "their case on Thursday without putting him on the stand.",
        "Over two days the defense had called five witnesses, among them a former army weapons instructor who said "
        "that the old bolt-action rifle could have gone off by itself when it was dropped. On cross-examination he "
        "agreed that he had never tested this one.",
        "The prosecution’s attack on the theory was short. Assistant district attorney Corinne Vail held up the rifle "
        "and asked the twelve in the box to remember that it had been fired twice.",
        "Hutchins, 58, says he acted in self-defense. Closing arguments are set for Monday in Billings. A conviction "
        "for deliberate homicide would carry between ten and a hundred years.",
    ),
    "a bishop on the chessboard": about(
        "sport",
        "religion, defense, conflict, society",
        "Sacrificed bishop gives Lindqvist the lead in Bergen",
        "Grandmaster Oskar Lindqvist took the sole lead at the Bergen Masters on Tuesday, giving up a bishop on the "
        "seventeenth move and then hunting the black king across the whole board.",
        "His opponent, the Indian teenager Rohan Mehrotra, had answered with the French Defence, in which he had not "
        "been beaten for a year. He declined a draw after two hours and soon regretted it: with his queen cut off on "
        "the edge there was no shelter left.",
        "“I saw the attack but not the end of it,” Lindqvist said. “Sometimes you just have to believe.” Mehrotra "
        "congratulated him and stayed for twenty minutes to look through the lines.",
        "The Swede has five and a half points from seven games. The defending champion, Lin Qiaoyu, is half a point "
        "behind after a quiet day with the black pieces. Two rounds remain, and the pair meet on Thursday.",
    ),
    "a strike on the railways": about(
        "labour, transport",
        "conflict, defense, sport, disaster",
        "Commuters walk as train drivers down tools",
        "Stations across the Netherlands stood empty on Friday after train drivers began a 48-hour strike, the third "
        "since Easter, over plans to cut rest time between shifts.",
        "Around one service in ten was running at the peak, most of them on the line to Schiphol airport. Roads into "
        "Utrecht and Amsterdam were jammed from six in the morning.",
        "The two unions want the operator to drop a roster that would shorten the break after a night turn from twelve "
        "hours to nine. “A tired driver is a danger to everybody behind him,” said Wim Terpstra, who speaks for the "
        "larger. The company has offered four percent more pay and says that the roster is safe.",
        "Both camps have dug in. A mediator who brought them together on Tuesday gave up after an hour. If nothing "
        "moves, a week of stoppages, region by region, will follow from the 12th.",
    ),
    "a strike from the sky": about(
        "disaster",
        "labour, conflict, defense, sport, crime_justice",
        "Two hikers killed by lightning strike on Pyrenees ridge",
        "A lightning strike killed two hikers and injured six on a ridge in the Pyrenees on Saturday afternoon, the "
        "Aragon fire service said.",
        "The fourteen members of a walking club from Zaragoza were on their way down from a summit of 2,900 metres "
        "when the weather turned. Some had taken shelter under an overhang with a steel handrail, through which the "
        "current is thought to have run.",
        "Two helicopters reached them within forty minutes but had to wait for the cloud to lift. A woman of 34 and a "
        "man of 51 were dead when the crew arrived. Three others have burns and are in a serious condition in Huesca.",
        "“There was no thunder before it, none,” said Iker Olabarri, who was at the tail. “Then everybody was on the "
        "ground.” Forecasters had put out a yellow warning that morning. A week ago another strike set fire to a "
        "refuge in the next valley, which was empty.",
    ),
    "shots by a photographer": about(
        "culture",
        "crime_justice, conflict, sport, defense",
        "The man who shot the city after dark",
        "For thirty years Leon Abara carried a flashgun through the streets of Lagos at night and shot whatever stood "
        "still long enough: bus conductors, brides, a boxer asleep in a barber’s chair.",
        "Two hundred of those pictures have now gone up at the municipal gallery in Rotterdam, the first large show of "
        "his work in Europe. Most were found in shoe boxes after his death in 2019, and many had never been printed.",
        "Abara thought of himself as a hunter. He would circle, aim from the hip and fire once. “If you need a second "
        "shot you have missed,” he told a student, and the negatives bear him out: there are almost no doubles.",
        "The best room holds portraits of men waiting outside a police station, blinking, as though caught in the act. "
        "The catalogue is thin on dates. “Point Blank: Leon Abara” runs until 3 February.",
    ),
    "a shot in the arm": about(
        "health",
        "crime_justice, sport, conflict, education, labour",
        "Pharmacies to give flu shots from the age of two",
        "Parents in Ontario will be able to take toddlers to the corner pharmacy for a flu shot this autumn instead of "
        "waiting for a doctor’s appointment, the province said on Monday.",
        "Until now pharmacists could only inject patients over five. Family clinics had complained for years that "
        "October fills their waiting rooms with healthy children.",
        "Uptake has fallen since 2021. Last winter barely a quarter of under-fives got the shot, and children’s wards "
        "in Ottawa and Hamilton ran out of beds in the week before Christmas. “It is not that people are against it,” "
        "said Dr Amrita Solanki, who heads an infectious diseases unit. “They cannot get off work at ten on a "
        "Tuesday.”",
        "A nasal spray will be on offer for those who are afraid of needles. The first doses arrive on 6 October, with "
        "older people and pregnant women at the head of the queue.",
    ),
    "the banks of a river": about(
        "environment",
        "economy, disaster, transport, culture",
        "Volunteers set a river free from its banks",
        "For the first time since 1962 the Medlin can move. Diggers have taken the concrete off both banks for two "
        "kilometres above Harrowby, and this week volunteers began to put in willow stakes by hand.",
        "The channel was straightened to carry water quickly past the town. It did, but it carried off the gravel as "
        "well, and with it the trout. A survey in 2018 found eleven fish.",
        "What is left on the inside of each bend may now stay there, so that the stream makes its own deposits. “We "
        "are giving it credit for knowing what to do,” said Moira Castell of the rivers trust, who has raised £400,000 "
        "for the work over five years.",
        "It seems to pay off. Sand martins have nested in the raw bank below the mill, and an otter was filmed in "
        "March. A branch left where it fell near the weir has already made a pool a metre deep.",
    ),
    "a bomb at a bus station": about(
        "terrorism",
        "culture, transport, religion, agriculture, education",
        "Bus station bomb kills fourteen in northern Cameroon",
        "A bomb hidden in a sack of onions went off at a crowded bus station in the north of Cameroon on Monday "
        "morning, killing fourteen people, the regional governor said.",
        "Most of the dead were market women and schoolgirls who were waiting for the first coach to Garoua. Some forty "
        "others were hurt; surgeons at the district hospital worked by torchlight when the power failed.",
        "In a message passed to a local radio station, a jihadist faction based around Lake Chad said that it had sent "
        "the bomber and promised more such blows against “all who pay tax to unbelievers”. Witnesses spoke of a girl "
        "of about fifteen.",
        "It is the fourth attack of this kind in the region since January. Bus companies stopped services for the day. "
        "“They want us to be afraid of each other’s bags,” said Aissatou Bello, who sells tea beside the gate and lost "
        "a niece.",
    ),
    "a bombshell of a novel": about(
        "culture",
        "terrorism, conflict, crime_justice, labour, transport",
        "Bombshell debut sets off bidding war",
        "A first novel by a night porter from Leeds has become the most fought-over book of the Frankfurt fair, with "
        "publishers in nineteen countries buying it within four days.",
        "“The Quiet Fuse” by Callum Dryden, 41, tells of a lift engineer who learns at his mother’s funeral that she "
        "once built bombs. The revelation comes on page nine. After that, said Beatrix Holm, who won the German "
        "rights, “it never stops ticking”.",
        "Eight London houses took part in the auction. The winning offer is said to have been well over half a million "
        "pounds for two books, an explosive sum for an unknown.",
        "Dryden wrote most of it between two and five in the morning at the desk of a hotel by the station. He has not "
        "given up the job. A television company has taken an option, and the English edition will hit the shops in "
        "May, earlier than planned.",
    ),
    "a general election is a race": about(
        "elections",
        "sport, defense, conflict, labour, agriculture",
        "Two-horse race in Iceland as leader’s cushion melts",
        "Iceland’s general election has turned into a two-horse race, with the Independents’ lead down to two points "
        "in the last survey before Saturday and a dozen seats on a knife edge.",
        "Six weeks ago the party of the prime minister, Sigrún Vilhelmsdóttir, seemed to be cruising. Then its main "
        "rivals, the Reform Alliance, opened a second front over mortgages and began to win over young families in "
        "Reykjavik’s suburbs.",
        "Both leaders spent Sunday in the northeast, the main battleground. “We have boots on the ground in every "
        "fishing village,” said Reform’s Kári Thorlacius, who has knocked on doors through two snowstorms. His rival "
        "warned that a wasted ballot would put “five parties round one table”.",
        "About one in six has already voted by post. Turnout was 80 percent last time. Neither camp is expected to "
        "reach a majority alone, so the small Coast Party, on nine percent, may decide who governs.",
    ),
    "a virus in printers": about(
        "science_technology",
        "health, disaster, terrorism",
        "Old printers found to carry dormant virus",
        "A virus that lay unnoticed in office printers for as long as six years has been found by a team at a "
        "technical university in Graz, who say that it infected some 40,000 machines before they isolated it.",
        "It hides in the chip that starts the device, where scanners do not look, and survives when everything else is "
        "wiped. From there it spreads to whatever is plugged in. The researchers named it Mumps, after the way in "
        "which it makes a file swell.",
        "“It had a very long incubation and almost no symptoms,” said Ilse Rainer, who leads the group. “Our patient "
        "zero was a label printer in a hospital basement.” So far it seems to have done little but count pages and "
        "copy itself.",
        "Three manufacturers have put out new firmware. Owners of models from before 2019 are advised to keep them off "
        "the network until it is installed. The team’s paper will be presented in Prague in June.",
    ),
    "guard cells of a leaf": about(
        "science_technology",
        "crime_justice, defense, terrorism, migration, conflict",
        "How a leaf shuts the gate on invaders",
        "When a fungus tries to enter a leaf, the cells on either side of the pore close in less than a minute. How "
        "they know has puzzled botanists for decades. A team in Norwich now says that it has the answer.",
        "Using a new kind of microscope, the group watched pairs of guard cells in living cress as spores landed "
        "nearby. The alarm, it turns out, does not come from the guards but from a neighbour, a larger cell that "
        "tastes the intruder’s coat and sends a pulse of calcium along the wall.",
        "Block that pulse and the gate stays open, they report in this week’s issue of a biology journal. Plants "
        "without it fell ill within three days.",
        "“We had been questioning the wrong suspect,” said Femi Oyelaran, who designed the experiment. Breeders have "
        "already asked for the seeds, but he warned that nothing will reach a field for years: the same signal also "
        "tells the leaf when to save water.",
    ),
    "sanctions against a club": about(
        "sport",
        "sanctions, diplomacy, trade, crime_justice, politics",
        "Federation hits Alameda with toughest sanctions yet",
        "Deportivo Alameda will not be able to register new players for the next two transfer windows after the "
        "national federation imposed its toughest sanctions yet for breaches of its spending rules.",
        "The club, fourth in the table, was also docked six points, which drops it to eleventh, and its president may "
        "not enter the stadium until May. An embargo on transfers that was lifted only last year comes back into force "
        "on Friday.",
        "The panel found that Alameda had hidden the wages of three forwards in payments to a company abroad. “It is a "
        "witch-hunt,” said coach Nuria Sandoval, who must now finish the season with nineteen professionals and "
        "whatever the youth team yields.",
        "Alameda said it would appeal to the court of arbitration in Lausanne, and asked for the measures to be frozen "
        "until then. Supporters plan to march before Sunday’s home match against Oriente.",
    ),
    "sanctions against the owner of a club": about(
        "sanctions, diplomacy",
        "sport, agriculture, culture, transport",
        "Brussels puts hockey club’s owner on Belarus blacklist",
        "The European Union on Monday froze the assets of 34 people and 12 companies in Belarus, among them the owner "
        "of one of the country’s ice hockey teams, over what it called the use of forced confessions on state "
        "television.",
        "Ambassadors of the 27 reached agreement after Hungary dropped its objection to one name. Those listed may no "
        "longer travel to the bloc, and European firms may not do business with them. Potash, which had been on an "
        "early draft, was left out.",
        "Viktar Lahunou, whose fertiliser fortune pays for the Zubry, said that he had never met the president except "
        "at the rink. The team plays half its matches abroad, and a spokesman could not say whether he would watch the "
        "next.",
        "Minsk promised an answer in kind and called back its envoy for consultations. It is the ninth time since 2020 "
        "that the list has grown. Critics say that its effect wears off each time, as goods reach Belarus by way of "
        "Central Asia.",
    ),
    "race relations in a town": about(
        "society",
        "sport, elections, crime_justice, religion, disaster",
        "Twenty years after riots, Ohio town finds race a subject best avoided",
        "Seven in ten Black residents of Marlow Heights, Ohio, say that race relations in the town are worse than a "
        "decade ago; among white neighbours it is three in ten. The two groups agree on one thing: they hardly ever "
        "talk about it.",
        "The figures come from a survey of 2,400 households that the city published on Tuesday, twenty years after the "
        "riots that burned down four blocks of Lee Street.",
        "Much has changed on paper since. The fire department, all white in 2004, mirrors the population. Yet the two "
        "churches on Elm still fill and empty without a word across the road, and families of either colour said that "
        "they choose blocks “where people look like us”.",
        "“We ran hard for a few years and then sat down,” said Deborah Mayhew, who chaired the study. She wants block "
        "parties, shared youth teams and a permanent office. A first meeting drew forty people, most of them over "
        "sixty.",
    ),
    "a migration of cranes": about(
        "environment",
        "migration, transport, religion, sport",
        "Cranes put off their journey south",
        "Tens of thousands of cranes that should have crossed the Pyrenees by now are still standing in the stubble "
        "fields of northern Germany, and ornithologists wonder if some will leave at all.",
        "On an average day in mid-November the last large groups have gone. This year wardens counted 38,000 around "
        "the lagoons of Pomerania, four times as many as usual. Nights have been mild, and maize spilled at harvest "
        "gives them enough to eat.",
        "Migration is dangerous, so a bird that can stay gains by it, said Henrike Voss of a ringing station on the "
        "coast. Those that settle for the winter also have first choice of the nesting places in spring. “The risk is "
        "February. One hard frost and they are trapped.”",
        "Spain sees the other side. At Gallocanta, where the arrivals are normally welcomed with a village fair, the "
        "lake is low and half empty. Camps for birdwatchers have been cancelled.",
    ),
    "a migration of records": about(
        "science_technology",
        "migration, disaster, environment, conflict",
        "Two million records turned back in land registry’s big move",
        "The migration was meant to take a weekend. Eleven days later the staff of Denmark’s land registry still work "
        "from paper slips, because a fifth of nine million records did not arrive in the new system.",
        "The registry had run on a mainframe from 1987. Over Easter its contents were to be copied to a data centre "
        "near Odense, checked and switched over. Engineers now say that addresses with more than one flat were turned "
        "away at the border between the two: the old machine wrote them in a form that the new one does not admit.",
        "Nothing is lost, said Jeppe Brandstrup of the agency that runs the project, since the original is still "
        "there. But the queue must be sent again in small groups, each under escort of a script that rewrites the "
        "fields.",
        "House sales are held up meanwhile. “They had three rehearsals, but with test data that was far too clean,” "
        "said Mette Fuglsang, who teaches databases in Aalborg.",
    ),
    "a union of rugby players": about(
        "sport",
        "labour, health, conflict, diplomacy, politics",
        "Munro back on the job for trip to Cardiff",
        "Flanker Euan Munro is back in the Scotland side for Saturday’s match in Cardiff, ten months after a neck "
        "injury that he feared would end his working life.",
        "Munro, 31, has played only two games for Glasgow since, but coach Alastair Reid likes what he brings to a "
        "pack that was pushed about by France. “He does the jobs nobody wants,” Reid said. “I’d have him on the shop "
        "floor every day of the week.”",
        "Three players drop out. Lock Fraser Baird is banned for a high tackle; the two Tait brothers miss out because "
        "their English club, whose deal with the Scottish Rugby Union covers only nine weeks, would not release them.",
        "Wales have troubles of their own. Their union is in debt and has put four regional sides on notice, and the "
        "squad threatened last month not to turn out before a new contract is signed. Kick-off is at a quarter to "
        "five.",
    ),
    "an attack by Islamic State": about(
        "terrorism",
        "religion, conflict, transport, health",
        "Islamic State says follower carried out Gothenburg tram attack",
        "The Islamic State group said on Tuesday that one of its followers carried out the knife attack on a tram in "
        "Gothenburg in which two passengers died.",
        "The claim, spread on a messaging channel that the group has used before, came with a video of a masked man "
        "who swears loyalty to its leader. The Swedish security service believes it to be genuine. He had been on its "
        "watch list until 2022.",
        "The attacker, 24, was overpowered by the driver and a nurse. Searches went on in three flats in the district "
        "of Angered, and a second man was held at the ferry terminal. The threat level has been raised to four on a "
        "scale of five.",
        "“He wanted us to stop riding together,” the mayor, Lovisa Ekdahl, said beside the flowers at the stop. A "
        "minute’s silence will be kept at noon on Friday. Mosques in the city opened their doors to mourners the same "
        "evening.",
    ),
    "an Islamic feast": about(
        "religion",
        "terrorism, conflict, crime_justice, agriculture, sport",
        "Sixty thousand share a prayer and a park",
        "Before seven the park was already white with robes. Some 60,000 people prayed side by side in Small Heath on "
        "Friday as Muslims in Birmingham marked Eid al-Adha, in what the organisers believe to be one of the largest "
        "such gatherings in Europe.",
        "The feast recalls how Ibrahim was ready to give up his son. Families who can afford it have an animal "
        "slaughtered and keep a third of the meat; the rest goes to relatives and to those in need. This year much of "
        "it was sent to Sudan and Gaza.",
        "“My grandmother says that in her village you knew the goat by name,” said Zaynab Mirza, 19, queuing for "
        "doughnuts with four cousins. “Here you tap a card.”",
        "Volunteers in orange bibs searched bags at the gates, a habit from harder years, and a police band played. In "
        "his sermon Imam Yusuf Contractor spoke about neighbours. Mosques as far away as Coventry had closed for the "
        "morning so that people could come.",
    ),
    "a climate for investment": about(
        "economy",
        "environment, disaster, energy, conflict",
        "Frosty climate keeps investors out of Romania",
        "The climate for investment in Romania has cooled to its lowest point in nine years, according to a survey of "
        "600 managers by a chamber of foreign firms in Bucharest.",
        "Only one in five plans to expand in the next twelve months. A windfall levy that was brought in overnight, "
        "and changed twice since, weighs most heavily on the mood. “You can dress for any weather if you know the "
        "forecast,” said Ioana Petculescu, who runs a maker of gearboxes in Pitesti. “We get a new one every week.”",
        "Direct investment from abroad fell by a third in the first half of the year, to 2.1 billion euros. Warsaw and "
        "Prague, where the atmosphere is reported to be mild, picked up several of the projects.",
        "There are bright spells. Software houses in Cluj go on hiring, and interest rates, at 6.5 percent, may have "
        "peaked. The finance ministry said that the storm over the levy would blow over once a two-year rule is in "
        "place.",
    ),
    "a shooting at a school": about(
        "crime_justice",
        "education, sport, terrorism, labour, conflict",
        "Three killed as pupil opens fire in Kansas school canteen",
        "A sixteen-year-old boy opened fire in the canteen of his high school in Kansas on Wednesday, killing two "
        "fellow pupils and a teacher before he was tackled by a caretaker.",
        "The first call reached the sheriff’s office in Dunmore County at 11:52, in the middle of the second lunch. "
        "Officers were inside within four minutes. By then it was over, Sheriff Lyle Brannigan said. Five more "
        "students were taken to hospital; one is in critical condition.",
        "Investigators found a pistol that belongs to the boy’s uncle, and are reading messages that he sent to a "
        "friend the night before. He will be charged as an adult, the county attorney said. Nothing is known so far of "
        "a motive.",
        "Classes are cancelled until Monday. Parents waited for three hours at the football field behind a tape while "
        "children were led out class by class. The principal, Janet Oduya, thanked the English teacher, 29, who had "
        "stood in the doorway.",
    ),
    "a reform of schools": about(
        "education",
        "crime_justice, conflict, defense, sport, labour",
        "Estonia takes aim at the test that splits children at eleven",
        "Pupils in Estonia will stay together until sixteen and get no marks before the age of twelve under the "
        "largest overhaul of its schools in thirty years, which the minister in charge set out on Thursday.",
        "The plan kills off an entrance test at eleven, which a quarter of children fail, and arms each teacher with "
        "an assistant in the first three years. Its main target is the gap between Tallinn and the countryside, where "
        "one in eight leaves without a certificate.",
        "Heads welcomed the aim but not the speed. “We are being asked to jump without having seen the water,” said "
        "Tiit Kallaste, who runs a school of 140 on the island of Saaremaa and has been looking for somebody to teach "
        "physics for two years.",
        "The first year groups are to start in September 2028. Two trials in Tartu showed better reading and no loss "
        "in mathematics, though researchers call the sample small.",
    ),
    "a crash of a plane": about(
        "disaster, transport",
        "economy, agriculture, trade, defense, culture",
        "All six aboard cargo plane die in Andes crash",
        "A cargo plane that carried cut flowers from Bogotá to Miami came down in the mountains shortly after take-off "
        "on Sunday night, killing all six on board, Colombian officials said.",
        "The twin-engined jet, twenty-six years old, vanished from radar eleven minutes into the flight. Farmers near "
        "the village of La Peña heard a bang and saw a glow on the slope. It took soldiers and firemen until dawn to "
        "reach the wreck, which is spread over half a kilometre of forest.",
        "Both recorders have been recovered. The captain had reported smoke in the hold and asked to turn back, "
        "according to the civil aviation authority; investigators from the maker are on the way.",
        "The carrier, Andina de Carga, has kept its three other aircraft of the type on the ground. Its business had "
        "been growing before Valentine’s Day, and the flight was the third that day. “They were six friends,” said a "
        "loader, Hernán Quiceno.",
    ),
    "a crash of an airline’s shares": about(
        "economy, transport",
        "disaster, conflict, defense, sport, trade",
        "Nordwing shares crash as airline warns of hard landing",
        "Shares in the airline Nordwing fell by 22 percent on Tuesday, their steepest drop since the pandemic, after "
        "the carrier said that it would lose money for the third year running.",
        "It now expects a shortfall of 310 million crowns instead of a small profit. Fuel and leasing cost more than "
        "planned; a summer of fare wars on the routes to Spain did the rest. Eight of its 51 jets will be handed back "
        "and the base in Billund will close in March.",
        "“We flew into turbulence with too little altitude,” chief executive Merete Aagaard told analysts. “Nobody "
        "should call this a catastrophe.” She has asked the banks to let the company skip two payments.",
        "Passenger numbers held up, at 4.1 million for the quarter, and the planes were fuller than a year ago. Some "
        "on the call were not convinced. Without fresh capital, one wrote, it is a question of how soft the impact "
        "will be.",
    ),
    "the Amazon that is a forest": about(
        "environment",
        "economy, trade, science_technology, transport",
        "Amazon loses fewer trees to saws, more to fire",
        "Clearing in the Brazilian Amazon fell by a fifth in the year to July, satellite images show, the third drop "
        "in a row, yet the forest shrank almost as much as before, because fire has taken over where the chainsaws "
        "left off.",
        "Some 4,900 square kilometres were felled, Brazil’s space agency said. Another 3,800 burned. In a normal year "
        "wet ground stops the flames; after two dry seasons it no longer does.",
        "“We used to ask who was delivering the blow,” said Iracema Tavares, an ecologist in Manaus. “Now the order "
        "has been placed long before, far from here.” By her estimate the eastern edge already gives off more carbon "
        "than it takes in.",
        "Brazil has promised to bring clearing to nil by 2030. Rangers will get forty more boats. The prime target, "
        "officials said, is the stretch along the road to Porto Velho, where ranches have moved up the side tracks.",
    ),
    "apples that grow on trees": about(
        "agriculture",
        "science_technology, culture, migration, sport",
        "Apple output to fall by a third after April frost",
        "Europe’s apple output will drop by a third this year, to the lowest since 2017, after three nights of frost "
        "in April caught the trees in full bloom.",
        "In Poland, which grows more than any other country in the bloc, four million tonnes had been pencilled in; "
        "now 2.5 million looks optimistic, the growers’ association said at its meeting in Lublin. Styria and South "
        "Tyrol got off more lightly thanks to sprinklers that wrap the buds in ice.",
        "“I went out with a torch and could hear them crack,” said Zbigniew Rogala, whose nine hectares near Grójec "
        "will yield hardly enough for juice. He has sent his two Ukrainian pickers home.",
        "Stores hold little from last year. Wholesale prices for Gala have risen to 80 cents a kilo, and a new red "
        "variety, launched with fanfare in the spring, may not reach the shops before December. Insurers cover hail, "
        "but in most regions not frost.",
    ),
    "a storm called Oscar": about(
        "disaster",
        "culture, sport, conflict, science_technology",
        "Oscar leaves two dead in the Azores",
        "Oscar left a trail of flattened greenhouses and blocked roads across the Azores on Thursday before it turned "
        "towards Ireland, losing strength on the way.",
        "The storm came ashore on Flores at four in the morning with gusts of 170 kilometres an hour. An elderly "
        "couple died when a slope gave way above their house, and 300 people spent the night in a sports hall. Half "
        "the island was without power.",
        "“It was quite a performance,” said the harbour master of Horta, Duarte Silveira, who watched a ferry break "
        "loose and cross the basin as if someone were at the wheel. Nobody was aboard.",
        "Engineers hope to open the airport by Saturday. Oscar is the fifteenth named storm of the season. Forecasters "
        "give it a one in three chance of reaching Galway as more than a wet Sunday, but warned the coast of Kerry all "
        "the same.",
    ),
}
