"""Words and patterns the stages look up, as data. A pattern here only proposes or describes; the fitted heads decide."""

from __future__ import annotations

# Verbs and nouns that may report: they only decide whether a content is read a second time for statements nested in it.
REPORTING_WORDS: frozenset[str] = frozenset(
    """
    accuse accused accuses accusing acknowledge acknowledged acknowledges add added adding adds admit admits admitted admitting advise advised agree agreed
    agrees allegation allegations allege alleged allegedly alleges alleging announce announced announces announcing answered argue argued argues arguing
    ascribed ask asked asks assert asserted asserts assured believe believed believes believing blame blamed blames boasted bragged call called calling calls
    caution cautioned charge charged claim claimed claims claiming comment commented complain complained complains conceded concede concluded concludes confirm
    confirmed confirms confirming contend contended contends contradicted cite cited cites citing declared declare declares declined demand demanded demands
    denied denies deny denying describe described describes describing disclosed disputed doubt dubbed emphasized estimated estimates expect expected expects
    explain explained explains expressed fear feared fears feel feels felt find finding findings finds forecast found hear heard hinted hope hoped hopes identified
    indicate indicated indicates inform informed informing insist insisted insists instructed know knew known knows maintain maintained mention mentioned
    noted notes noting ordered order orders pledge pledged point pointed points predict predicted predicts promise promised promises proposed quote quoted quoting
    read reads recalled recommend recommended rejected rejects remark remarks reported reportedly report reports reporting request requested responded reveal
    revealed reveals ruled rumor rumored rumoured rumour said say saying says see seeks show showed shows showing speculated spoke state stated statement
    states stating stress stressed suggest suggested suggesting suggests suspect suspected suspects swore talked tell telling tells testified testimony think
    thinks thought threatened told tweeted understand understood urge urged urges urging view vow vowed want wanted wants warn warned warning warns wish wishes
    wonder wondered write writes writing wrote according
    """.split()
)

PRONOUNS: dict[str, str] = {  # word: number and gender it asks for
    "he": "masculine", "him": "masculine", "his": "masculine", "she": "feminine", "her": "feminine", "hers": "feminine", "it": "neuter", "its": "neuter",
    "they": "plural", "them": "plural", "their": "plural", "we": "speakers", "our": "speakers", "us": "speakers", "i": "speaker", "my": "speaker", "me": "speaker",
    "who": "relative", "which": "relative", "that": "relative", "whom": "relative", "you": "reader", "this": "neuter", "those": "plural", "these": "plural",
    "himself": "masculine", "herself": "feminine", "itself": "neuter", "themselves": "plural", "both": "plural", "one": "one", "another": "one", "others": "plural",
}  # fmt: skip

DETERMINERS: dict[str, str] = {
    "the": "definite", "this": "definite", "that": "definite", "these": "definite", "those": "definite", "a": "indefinite", "an": "indefinite",
    "one": "indefinite", "another": "indefinite", "some": "indefinite", "several": "indefinite", "many": "indefinite", "two": "indefinite", "three": "indefinite",
    "most": "indefinite", "few": "indefinite", "other": "indefinite", "multiple": "indefinite", "unnamed": "indefinite", "any": "indefinite",
    "his": "possessive", "her": "possessive", "its": "possessive", "their": "possessive", "my": "possessive", "our": "possessive",
    "both": "definite", "all": "indefinite", "no": "indefinite", "each": "indefinite", "every": "indefinite", "four": "indefinite", "five": "indefinite",
}  # fmt: skip

# Titles before a name; what they say of its gender.
TITLES: dict[str, str] = {
    **dict.fromkeys(["mr", "sir", "lord", "king", "prince", "father", "brother"], "masculine"),
    **dict.fromkeys(["mrs", "ms", "miss", "madam", "lady", "queen", "princess", "dame", "sister"], "feminine"),
    **dict.fromkeys(
        """dr pres prof professor sen senator rep representative congressman congresswoman gov governor lt gen general col colonel capt captain sgt sergeant maj major adm
        admiral president vice former ex prime minister secretary attorney judge justice mayor chancellor ambassador director chairman chairwoman chair chief
        executive officer spokesman spokeswoman spokesperson commissioner inspector detective constable superintendent sheriff deputy assistant acting interim
        first lady pastor rev reverend bishop archbishop cardinal pope rabbi imam ayatollah sheikh leader nominee candidate councillor cllr alderman coach
        sens reps messrs gens govs correspondent reporter editor columnist anchor host analyst strategist adviser advisor aide manager businessman entrepreneur activist author actor
        actress singer speaker majority minority whip foreign defence defense interior health finance justice home state treasury press national undersecretary
        brigadier commander lieutenant marshal premier taoiseach then republican democratic democrat democrats gop labour conservative tory the a an state
        district lawyer solicitor barrister prosecutor public counsel envoy special senior ceo cfo coo founder co-founder owner head researcher epidemiologist economist
        scientist doctor nurse surgeon engineer resident witness driver farmer teacher student mp mla councilwoman councilman""".split(),
        "",
    ),
}

# Head nouns by the kind they speak for. They are features of the kind head, which has other evidence too.
KIND_NOUNS: dict[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "outlet": """newspaper paper outlet network broadcaster channel station agency magazine website site daily weekly tabloid wire press media podcast
            programme program show blog publication newsletter newswire""",
        "journalist": "reporter correspondent journalist columnist anchor host editor writer interviewer moderator blogger commentator presenter photographer author",
        "official": """official president minister senator governor mayor police officer judge prosecutor ambassador diplomat spokesman secretary congressman congresswoman
            lawmaker representative legislator general colonel commander sheriff commissioner attorney deputy councillor inspector detective envoy chancellor
            premier director aide army military troops investigator regulator superintendent captain magistrate authority authorities administration government
            ministry department court council parliament agency bureau embassy commission councilman councilwoman councillor intelligence""",
        "partisan": """campaign candidate nominee democrat democrats republican republicans strategist surrogate operative party supporter lobbyist activist
            conservative liberals liberal conservatives gop opposition rebel rebels delegate consultant""",
        "organisation": """company firm group union organisation organization association foundation charity bank club university hospital airline manufacturer ceo
            executive coalition institute society church chairman chairwoman owner manager founder corporation maker league federation team""",
        "expert": """analyst expert professor scientist economist researcher scholar lawyer pollster epidemiologist doctor physician specialist historian
            strategist academic psychologist consultant engineer scientists political-scientist""",
        "witness": """witness resident victim survivor neighbour neighbor mother father son daughter wife husband brother sister friend passenger voter student worker
            employee driver villager local shopkeeper farmer fisherman teacher family relative relatives woman man colleague player coach actor singer""",
        "document": """report study statement document documents e-mail email emails e-mails letter memo filing lawsuit complaint indictment affidavit survey poll data
            figures records transcript video footage recording tape tweet post ad advertisement book bill law order ruling release article story review
            analysis account dossier cable note message messages paper papers files log logs statistics census results speech platform resolution autopsy
            warrant testimony deposition audit minutes photo photos images website facebook twitter headline""",
        "crowd": """critics observers supporters people opponents voters americans many some others experts analysts activists protesters fans users commentators
            conservatives liberals skeptics sceptics detractors pundits advocates respondents most majority percent democrats republicans officials women men""",
        "unknown": "source sources insider insiders person rumour rumor rumours reports speculation",
    }.items()
}

OUTLET_ENDINGS: frozenset[str] = frozenset(
    """news times post daily herald tribune journal gazette radio tv television press magazine chronicle broadcasting observer telegraph mail express mirror sun guardian
    independent standard courier examiner inquirer globe record dispatch sentinel monitor weekly wire today review register bulletin echo argus star newspaper
    telegram report network ledger banner advocate citizen beacon bild zeitung monde figaro mundo pais agency""".split()
)

# Programmes and short names as they are cited, beside the outlets of outlets.csv; capitals matter, a leading article does not.
PROGRAMMES: frozenset[str] = frozenset(
    name.strip()
    for name in """
    60 Minutes, ABC Australia, AC360, Anderson Cooper 360, Andrew Marr Show, Cosmopolitan, Daily Show, Daily Star Bangladesh, Daily Star Lebanon,
    Face the Nation, Fars, Fox, Fox & Friends, Fox News Sunday, Fox and Friends, Free Beacon, Globe, Good Morning America, Hannity, Hardball, HBO, Kelly File,
    Kicker, Meet the Press, Mehr, Morning Joe, Newsnight, O'Reilly Factor, Rachel Maddow Show, Recode, Sky Sports, Sport, State of the Union, This Week,
    Today show, Tonight Show, Vice, Vogue, Western Journalism, WikiLeaks, Wikileaks
    """.split(",")
)

# Capitalised words that begin a sentence without being a name.
OPENERS: frozenset[str] = frozenset(
    """a about above according across after again against ahead all also although amid among an and another any are around as asked at back because been before behind being beneath beside besides beyond
    below between both but by can citing could despite did do does down during each earlier either even eventually ever every few finally first following for former from
    further given had has have having he hence her here his how however i if in indeed initially inside instead into is it its just last late later latest least less
    let like local many may meanwhile might more moreover most much must my near nearly neither never nevertheless next no nobody none nor not nothing now of off
    officials often on onto once one only or other others our out outside over overall people perhaps police previously quoting rather recent reports residents second several
    shall she should similarly since so some sometimes soon sources speaking still such that the their them then there therefore these they this those though three through
    throughout thus to today together tomorrow too top toward towards two under underneath unless unlike until up upon very via was we were what when where whether which while who whoever whose why
    will with within without would yes yesterday yet you your asked told says said critics experts analysts witnesses authorities dr mr mrs ms sen rep gov
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december""".split()
)
NAME_CONNECTORS: frozenset[str] = frozenset(
    "of the for and & de del della dello delle dei degli des du di da das do dos la le les van von der den zu zum zur ter ten bin ibn al el y e in on at to".split()
)
# What belongs to a country or party: before a noun in small letters it names nobody ("the French agency AFP").
ADJECTIVES_OF_NAMES: frozenset[str] = frozenset(
    """Afghan African Albanian Algerian American Angolan Arab Argentine Argentinian Armenian Asian Australian Austrian Azerbaijani Bahraini Bangladeshi Basque Belarusian
    Belgian Bolivian Bosnian Brazilian British Bulgarian Burmese Californian Cambodian Cameroonian Canadian Catalan Catholic Chadian Chechen Chilean Chinese Christian
    Colombian Congolese Cossack Croatian Cuban Cypriot Czech Danish Democratic Dutch Ecuadorean Ecuadorian Egyptian Emirati English Eritrean Estonian Ethiopian European
    Filipino Finnish Flemish French Georgian German Ghanaian Greek Guatemalan Guinean Haitian Honduran Hungarian Icelandic Indian Indonesian Iranian Iraqi Irish Islamic
    Islamist Israeli Italian Ivorian Jamaican Japanese Jewish Jordanian Kazakh Kenyan Korean Kosovan Kurdish Kuwaiti Kyrgyz Laotian Latvian Lebanese Liberian Libyan
    Lithuanian Macedonian Malagasy Malawian Malaysian Malian Maltese Mauritanian Mexican Moldovan Mongolian Montenegrin Moroccan Mozambican Muslim Namibian Nepalese Nepali
    Nicaraguan Nigerian Nigerien Norwegian Omani Pakistani Palestinian Panamanian Paraguayan Persian Peruvian Polish Portuguese Protestant Qatari Republican Romanian
    Russian Rwandan Salvadoran Saudi Scottish Senegalese Serbian Singaporean Slovak Slovenian Somali Soviet Spanish Sudanese Swedish Swiss Syrian Taiwanese Tajik Tanzanian
    Thai Tibetan Tunisian Turkish Turkmen Ugandan Ukrainian Uruguayan Uzbek Venezuelan Vietnamese Welsh Western Yemeni Zambian Zimbabwean""".split()
)
CALENDAR: frozenset[str] = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
    mondays tuesdays wednesdays thursdays fridays saturdays sundays i i'm""".split()
)
RELATIVE_CUTS: frozenset[str] = frozenset("who whom whose which that where when".split())
PREPOSITION_CUTS: frozenset[str] = frozenset(
    """of for at in from with on to by about inside within near under against among across during after before behind familiar briefed close speaking writing citing including
    published released unsealed obtained seen reviewed based led signed dated written bearing provided posted known made sent filed leaked carried out working
    present involved living responsible named called wearing representing asked commissioned conducted issued taken""".split()
)
ORG_WORDS: frozenset[str] = frozenset(
    """ministry department office agency bureau committee council commission court university college institute foundation association union party campaign
    government administration embassy house senate congress parliament police force forces army navy guard service services company group corp inc ltd plc llc bank club fc united
    city federation league society church hospital trust fund center centre network coalition movement front alliance organization organisation authority board nations
    airlines airways motors energy oil gas pharmaceuticals technologies systems international global laboratories labs observatory watch amnesty press news times post""".split()
)
REPORTED_BY_NOBODY: frozenset[str] = frozenset("reportedly allegedly supposedly purportedly apparently rumored rumoured".split())

# How an article says that somebody is not to be named, and the words that begin the reason for it.
ANONYMITY: tuple[str, ...] = (
    r"\b(?:condition|promise|assurance) of anonymity\b",
    r"\b(?:request|ask|wish|want|prefer|insist)\w* (?:to (?:be|stay|remain) (?:anonymous|unnamed|unidentified)|(?:not|never) to be (?:further )?(?:named|identified|quoted)|anonymity|on anonymity)",
    r"\b(?:declin|refus)\w* to be (?:further )?(?:named|identified|quoted)",
    r"\b(?:spoke|speaks?|speaking|talked|talking|granted|given|offered) (?:\w+ )?(?:anonymously|anonymity)",
    r"\b(?:can ?not|could not|may not|must not|can['’]t|couldn['’]t|not) be (?:named|identified)",
    r"\b(?:full |real |last )?names? (?:\w+ )?(?:is|are|was|were|has been|have been|be|being)? ?(?:withheld|changed)",
    r"\b(?:lacked|lacks|lacking|without|not|n['’]t) (?:been |being |the )?(?:authori[sz]\w+|permi\w+|allowed|cleared|empowered) to (?:speak|talk|discuss|comment|brief|give|share|disclose)",
)
ANONYMITY_REASONS: tuple[str, ...] = (
    r"\bbecause\b", r"\bsince\b", r"\bas (?:he|she|they|it|the)\b", r"\bfear", r"\bafraid\b", r"\bciting\b", r"\bdue to\b", r"\bowing to\b", r"\bgiven the\b",
    r"\bto (?:discuss|describe|speak|talk|protect|avoid|share|disclose|comment|brief|preserve)\b", r"\bfor (?:legal|safety|security|privacy|personal) reasons\b",
    r"\bsensitiv", r"\breprisals?\b", r"\bretaliation\b", r"\bsafety\b", r"\bfor (?:his|her|their) (?:own )?(?:safety|protection)\b",
)  # fmt: skip

# Common first names and the pronoun they usually go with: evidence among other for who "she" is.
FIRST_NAMES: dict[str, str] = {
    **dict.fromkeys(
        """james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin
        brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander
        frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle noah ethan jeremy walter christian keith roger terry
        sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah wayne randy roy vincent ralph
        eugene russell bobby mason philip louis harry ted marco jeb mitt barack bernie newt rand mike bill bob jim tom tim dan ben sam nick chris jeff greg steve rick
        rudy chuck mitch paul al rob ron don ken doug josh matt pete jake tony luis carlos miguel pedro antonio manuel francisco ahmed ali mohammed muhammad mohamed omar
        hassan hussein ibrahim yusuf khaled abdul abdullah vladimir sergei dmitry ivan alexei mikhail nikolai yuri igor oleg boris viktor anatoly pavel andrei hans
        klaus wolfgang jens sven lars erik olaf pierre jean jacques michel francois luc emmanuel giovanni marco matteo luca giuseppe rajesh rahul amit sanjay vijay
        narendra arun ravi suresh kumar imran nawaz shahid kofi kwame chidi emeka tunde sipho thabo moussa mamadou hiroshi kenji takashi wei jun ming""".split(),
        "masculine",
    ),
    **dict.fromkeys(
        """dawn mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda
        dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine
        debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl
        hannah jacqueline martha gloria teresa ann anne sara madison frances kathryn janice jean abigail alice judy sophia grace denise amber doris marilyn danielle
        beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori hillary ivanka melania carly condoleezza kellyanne elena nikki susana
        chelsea huma cheryl donna debbie loretta sonia ruth nina olga natalia tatiana svetlana irina ekaterina anastasia yulia ludmila mira lena ingrid astrid greta
        fatima aisha leila zainab mariam noor amina priya sunita anjali deepa lakshmi indira sushma mamata benazir malala wanjiru ngozi amara chioma aung mei yuki sakura
        camille claire sophie brigitte simone giulia francesca chiara valentina lucia carmen pilar rosa ines gabriela daniela veronica claudia monica angelika ursula""".split(),
        "feminine",
    ),
}  # fmt: skip

# Words behind which somebody may stand through whose hands a statement came, or from whom it was had.
RELAY_TRIGGERS: frozenset[str] = frozenset(
    "citing quoting cited quoted told tell tells telling by from with to via through on in as for including attributed spoke interview called informed".split()
)

# Documents that carry other people's words, wherever the article speaks of them.
CARRYING_DOCUMENTS: frozenset[str] = frozenset(
    "poll survey recording tape audio transcript e-mail email e-mails emails memo leak dossier podcast documentary".split()
)

# Nouns that call the name beside them an outlet ("the news site Nusa", "Nusa, a weekly").
OUTLET_NOUNS: frozenset[str] = frozenset(
    "newspaper paper broadcaster channel station site website portal agency daily weekly tabloid magazine podcast network outlet newswire journal programme".split()
)

# How a phrase is led up to, by what that tells of its part in an attribution. Each pattern is matched against the words before the phrase,
# a few words of the phrase's own ("CBS host", "the daily") allowed in between; the first that fits names the phrase's lead.
RELAY_LEADS: tuple[tuple[str, str], ...] = (
    ("cited", r"(?:citing|quoting|crediting|cites|quotes|cited|quoted|with reference to|referring to|picking up)"),
    (
        "told",
        r"(?:told|tells?|telling|informed|assured|warned|(?:spoke|speaking|spoken|talked|talking|complained|admitted|confirmed|said|denied|boasted|explained|tells?) to|spoke with)",
    ),
    (
        "interview",
        r"(?:interviews?|interviewed|conversation|appearance|appeared|appearing|chat|sit-down|town hall|spot|segment|speaking|call)(?: \w+){0,3}? (?:with|on|for|by|to|in)",
    ),
    (
        "published",
        r"(?:published|carried|aired|broadcast|released|obtained|printed|posted|leaked|quoted|cited|recorded|revealed|reported|reviewed|run)(?: \w+){0,2}? (?:by|in|on|to)",
    ),
    (
        "account",
        r"(?:according to|reports?|account|story|article|profile|column|op-ed|essay|editorial|investigation|comments?|remarks|statement|e-?mail|letter)(?: \w+){0,2}? (?:by|in|from|of|to)",
    ),
    ("programme", r"\bon"),
    ("by", r"\bby"),
)

# Words that begin the names of broadcasters and of their programmes ("CBS This Morning", "Radio Tamba", "Canal 6").
NETWORKS: frozenset[str] = frozenset("ABC BBC CBC CBS CNBC CNN C-SPAN Fox HBO ITV MSNBC NBC NPR PBS SABC Sky Canal Channel Kanal Radio TV".split())

# What a cue says of something told before: the first pattern found in it tells. Of what is `spurned` or `called` something, only the words told say
# whether it is contradicted. Each pattern has hits and misses in tests/test_stances.py.
STANCES: tuple[tuple[str, str], ...] = (
    ("denied", r"den(?:y|ies|ied|ying)|disput(?:e|es|ed|ing)|contradict(?:s|ed|ing)?|refut(?:e|es|ed|ing)|rebut(?:s|ted)?|took issue with"),
    ("spurned", r"reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?"),
    ("called", r"call(?:s|ed|ing)?|describ(?:e|es|ed|ing)|brand(?:s|ed|ing)?|denounc(?:e|es|ed|ing)"),
    ("confirmed", r"confirm(?:s|ed|ing)?|corroborat(?:e|es|ed|ing)|verif(?:y|ies|ied)|bore out|bears out"),
    ("backed", r"(?:also|likewise|separately|independently) (?:said|says|told|tells|reports?|reported|recalled|testified)|back(?:s|ed) up"),
)

# What makes a stance none: it is withheld, wanted or in doubt.
STANCE_WITHHELD = (
    r"not|never|neither|nor|no|cannot|declin\w+|refus\w+|unable|fail\w*|without|yet to|if|unless|whether|stopped short|asked|"
    r"seek\w*|sought|expected|wanted|(?:^|\bhope\w* |\bwait\w* )to (?:confirm|deny|verify)"
)

# What was told before, spoken of as such; it may go on ("the claim that …", "the report as “a fairy tale”"). Some nouns say what was told, too.
TOLD_BEFORE = (
    r"(?:(?:parts?|much|some|all|any|both|most) (?:of )?)?(?:(?:it|this|that|these|those|which)(?=\W*$| as\b| [\"“])|"
    r"(?:(?:the|this|that|these|those|such|his|her|their|its|both) (?:[\w’'-]+ ){0,2}?)?(?:(?P<press>reports?|article)|(?P<number>figures?)|"
    r"(?:story|stories|accounts?|claims?|allegations?|accusations?|charges?|version|suggestions?|assertions?|findings|news|rumou?rs?))(?![\w’'-]))"
)

# What is denied without being said again: it is meant for whoever accused the one who denies it.
DENIED_WHOLLY = r"(?:any |all |every |such |doing )*(?:wrongdoing|anything (?:wrong|improper|illegal)|involvement|responsibility|role|link|links|part|connection|count|charges?)\b"

# The cue of one who accuses.
ACCUSING = r"accus\w+|alleg\w+|blam\w+|charg\w+|suspect\w*|implicat\w+"

# Words by which a thing told is called untrue.
UNTRUE = (
    r"fals\w+|untrue|lies?|lying|liar\w*|fabricat\w+|baseless|groundless|unfounded|invent\w+|invention|fantas\w+|nonsense|forger\w+|forged|fairy tales?|"
    r"fiction\w*|propaganda|fakes?|faked|hoax|incorrect|inaccurate|slander\w*|libel\w*|defamat\w+|rubbish|conspiracy theor\w+|misinformation|disinformation"
)
