"""What a byline says besides names: tables of words, in lower case."""

from worker.cleaning.tables import phrases, words

NOT_NAMES = frozenset(
    words(
        """
    about academy admin administrator advertisement advertiser advertising advertorial afp agencies agency all
    analysis analyst anonymous ap app application archive article articles associate association author authors back
    blog blogger board brand brandroom breaking bureau business by center centre certified checked chief christmas
    chronicle click clinic co-founder coach college columnist comment commentary comments commission committee
    communications community company consultant consulting contact content contents contributing contributor
    contributors coordinator copy corporation correspondent correspondents council critic daily deals department
    desk digital director disclosure dispatch edit edited edition editor editorial editors email episode event
    events examiner executive expert experts facebook fact federation feed financial follow for forum foundation
    founder free freelance from full gallery gazette general get gmbh gmt government group guest guide health help
    herald home hospital how icon image images in inc inquirer instagram institute insurance international
    investigative journal journalist labs latest licensed link linkedin links live llc llp local login ltd magazine
    manager marketing media member menu ministry minutes more network new news newsdesk newsletter newspaper
    newsroom no observer office official on online opinion our partner photo photographer photos plc pllc plus
    podcast policy politics post posted posts president press privacy producer professional profile published radio
    read related report reporter reporters reuters review reviewed reviewer save school search section see senior
    sentinel service services share shop sign site size skip social society solutions special specialist specials
    sponsor sponsored sports staff store story strategies strategy studio studios subscribe tag tags team technology
    telegraph text the this times tips title today top travel tribune tv twitter type university unknown update
    updated user version vice video videos views webmaster website weekly what why wire with writer writers www you
    your agence agencia agenzia agentur equipo equipe équipe rédaction redacción redação redacao redazione redaktion
    redaksjonen redaktionen redaktionsnetzwerk redactie redaksi redakcja redakce redakcija toimitus szerkesztőség
    zeitung nachrichten редакция редакція агентство администратор новости корреспондент журналист
    编辑部 編輯部 編集部 新华社
    新華社 本报 本報 记者 記者 编辑 編輯 作者 通讯员 通信社 편집부 기자 뉴스 연합뉴스
    """
    )
)
ROLES = frozenset(
    words(
        """
    analyst chef chief columnist contributor correspondent critic editor journalist
    photographer producer reporter writer chefredakteur chefredakteurin korrespondent korrespondentin
    redakteur redakteurin reporterin volontär correspondante correspondant journaliste rédacteur rédactrice envoyé
    envoyée corresponsal periodista redactor redactora enviado enviada jornalista repórter correspondente
    giornalista inviato inviata corrispondente redattore redattrice verslaggever correspondente redacteur
    korespondent dziennikarz redaktor journalisten reporteren toimittaja muhabir корреспондент корреспондентка
    журналист кореспондент журналіст обозреватель 记者 記者 기자 특파원
    """
    )
)
BEATS = frozenset(
    words(
        """
    arts assistant associate business chief city consumer contributing crime culture data defence defense deputy
    diplomatic economics education energy entertainment environment europe fashion finance food foreign freelance
    general global government health investigations investigative legal music national news opinion political politics
    regional religion science security senior showbiz social special sport sports staff technology transport travel
    world
    """
    )
)
PARTICLES = frozenset(
    words(
        """
    abu af al an ap ar as aw av ben bin bint binti da dal das de degli dei del della delle den der di do dos du e el
    i ibn la las le li lo los mac mc op san st te ten ter ud ul ur van vom von y z zu zum zur 't ’t 's ’s
    """
    )
)
CREDENTIALS = frozenset(
    words(
        """
    md m.d phd ph.d mba mph rn rd cpa esq facp faclm msc bsc ma ms m.a b.a jd dds dvm do np cfp dphil obe mbe cbe
    """
    )
)
TITLES = frozenset(words("dr mr mrs ms miss prof professor dipl.-ing mag frau herr"))
AGENCIES = frozenset(
    phrases(
        """
    ap, associated press, the associated press, reuters, afp, agence france-presse, dpa, bloomberg, upi, efe, ansa,
    tass, interfax, xinhua, kyodo, pa media, press association, ukrinform, belga, apa, ritzau, tt, ntb, anp, yonhap,
    pti, ians, anadolu, pap, mti, stt, sda, keystone-sda, epd, kna, sid, europa press, lusa, agerpres, hina, tanjug,
    cna, antara, aap, canadian press, the canadian press, pa, aa, agencies, wire services, aptn, dpa-afx, getty
    images
    """
    )
)
PLACES = frozenset(
    words(
        """
    for in at from near reporting special für aus zu pour à depuis para desde em en per da dall' voor uit för i fra til
    w z для из в
    """
    )
)
