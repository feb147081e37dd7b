"""The words of date lines in the languages of the news: months, days, what introduces a date and what a clock has.

Names of months are tried in every language at once, for no name among them means two months.
"""

from worker.cleaning.tables import phrases, words

# January to December, each in its cases and as it is cut short; without the full stop.
LANGUAGES = {
    "en": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep,"
    "october oct, november nov, december dec",
    "de": "januar jänner jan, februar feber feb, märz maerz mär mrz, april apr, mai, juni jun, juli jul, august aug,"
    "september sept sep, oktober okt, november nov, dezember dez",
    "fr": "janvier janv jan, février fevrier févr fevr fév, mars, avril avr, mai, juin, juillet juil, août aout,"
    "septembre sept, octobre oct, novembre nov, décembre decembre déc dec",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago,"
    "septiembre setiembre sept sep set, octubre oct, noviembre nov, diciembre dic",
    "it": "gennaio genn gen, febbraio febbr feb, marzo mar, aprile apr, maggio magg mag, giugno giu, luglio lug,"
    "agosto ago, settembre sett set, ottobre ott, novembre nov, dicembre dic",
    "pt": "janeiro jan, fevereiro fev, março marco mar, abril abr, maio mai, junho jun, julho jul, agosto ago,"
    "setembro set, outubro out, novembro nov, dezembro dez",
    "nl": "januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, september sept sep,"
    "oktober okt, november nov, december dec",
    "nordic": "januari januar jan, februari februar feb, mars marts mar, april apr, maj mai, juni jun, juli jul,"
    "augusti august aug, september sept sep, oktober okt, november nov, december desember dec des",
    "pl": "stycznia styczeń sty, lutego luty lut, marca marzec mar, kwietnia kwiecień kwi, maja maj,"
    "czerwca czerwiec cze, lipca lipiec lip, sierpnia sierpień sie, września wrzesień wrz,"
    "października październik paź, listopada listopad lis, grudnia grudzień gru",
    "tr": "ocak oca, şubat subat şub, mart mar, nisan nis, mayıs mayis may, haziran haz, temmuz tem,"
    "ağustos agustos ağu, eylül eylul eyl, ekim eki, kasım kasim kas, aralık aralik ara",
    "ru": "января январь янв, февраля февраль февр фев, марта март мар, апреля апрель апр, мая май, июня июнь июн,"
    "июля июль июл, августа август авг, сентября сентябрь сент сен, октября октябрь окт, ноября ноябрь нояб ноя,"
    "декабря декабрь дек",
    "uk": "січня січень січ, лютого лютий лют, березня березень берез бер, квітня квітень квіт кві,"
    "травня травень трав тра, червня червень черв чер, липня липень лип, серпня серпень серп сер,"
    "вересня вересень верес вер, жовтня жовтень жовт жов, листопада листопад листоп лист лис, грудня грудень груд гру",
    "ar": "يناير جانفي, فبراير فيفري شباط, مارس آذار, أبريل ابريل إبريل أفريل نيسان, مايو ماي أيار,"
    "يونيو يونيه جوان حزيران, يوليو يوليه جويلية تموز, أغسطس اغسطس أوت آب, سبتمبر أيلول, أكتوبر اكتوبر, نوفمبر, ديسمبر",
}
_TWO_WORDS = {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}  # of the Levant

MONTHS = _TWO_WORDS | {
    name: number
    for names in LANGUAGES.values()
    for number, month in enumerate(phrases(names), start=1)
    for name in words(month)
}

_WEEKDAYS = """
monday mon tuesday tues tue wednesday wed thursday thurs thur thu friday fri saturday sat sunday sun
montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so
lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim
lunes martes miércoles mié jueves jue viernes vie sábado sáb domingo dom
lunedì martedì mercoledì giovedì gio venerdì sabato sab domenica
segunda terça quarta quinta sexta feira seg ter qua qui sex
maandag ma dinsdag woensdag wo donderdag vrijdag vr zaterdag za zondag zo
måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
poniedziałek wtorek środa czwartek piątek sobota niedziela
pazartesi salı çarşamba perşembe cuma cumartesi pazar
понедельник пн вторник вт среда ср четверг чт пятница пт суббота сб воскресенье вс
понеділок вівторок середа четвер пʼятниця п'ятниця п’ятниця субота неділя нд
الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت الأحد
月 火 水 木 金 土 日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日
星期一 星期二 星期三 星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日
"""

# Of words that may stand before "updated" and the like, or beside a date, and say no more than that it is one.
_FILLERS = """
date time on at by first last originally am pm the of
am um den dem der vom uhr zuletzt letzte datum uur om op het laatst laatste
le à a h du de dernière la el las los en última ultima ultimo il alle ore ora del di em às as o do da dia data hrs hr
sist senest den kl klockan
dnia o ostatnia ostatnio godz godzina r czas son saat tarihi tarih
в во г год года о об р рік року время час мск дата последнее останнє
في يوم الساعة آخر تم تاريخ بتاريخ م ص
日付 日時 时间 時間 日期 の
"""

_UPDATED = """
updated update modified edited aktualisiert aktualisierung stand geändert bearbeitet jour maj modifié modifiée actualisé
actualisée actualizado actualizada actualización modificado modificada aggiornato aggiornata aggiornamento modificata
atualizado atualizada atualização bijgewerkt gewijzigd geüpdatet aktualizacja zaktualizowano zaktualizowany
zmodyfikowano modyfikacja güncelleme güncellendi güncellenme güncellenen uppdaterad opdateret oppdatert
обновлено обновлена обновлён обновление изменено оновлено оновлення змінено التحديث تحديث محدث
更新 更新日 更新日時 最終更新 最終更新日 最后更新 更新时间 更新時間 更新于 更新於
"""

_PUBLISHED = """
published posted publish created issued released veröffentlicht erschienen publiziert erstellt publié publiée
publication paru parue créé ligne publicado publicada publicación creado pubblicato pubblicata pubblicazione creato
publicação criado gepubliceerd geplaatst publicatie opublikowano opublikowany publikacja publikacji dodano utworzono
yayınlanma yayınlandı yayın yayımlanma giriş oluşturulma oluşturma publicerad publiceret publisert
опубликовано опубликована публикации публикация создано опубліковано публікації публікація створено
نشر النشر نُشر نشرت 发布 發布 发表 發表 发布时间 發布時間 发布于 公開 公開日 配信 掲載 掲載日 投稿日
"""

UPDATED = frozenset(words(_UPDATED))
PUBLISHED = frozenset(words(_PUBLISHED))
LABELS = frozenset(words(_WEEKDAYS + _FILLERS)) | {"mis", "mise"} | UPDATED | PUBLISHED

# Hours from UTC, of names that mean one zone only: EST, BST, IST, CST and the like each mean several.
ZONES = {
    "UTC": 0, "GMT": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "МСК": 3,
    "WIB": 7, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "بتوقيت غرينتش": 0,
}  # fmt: skip
