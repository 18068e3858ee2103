/// What a phrase in a wish for a time means.
enum TimeMeaning: Hashable {
    /// Days after the present one.
    case day(Int)
    /// German "morgen" and Spanish "mañana": tomorrow or the morning.
    case tomorrowOrMorning
    /// 0 for Monday to 6 for Sunday.
    case weekday(Int)
    case workday, weekend
    case part(DayPart)
    /// A part of the present day.
    case todayPart(DayPart)
    /// A part of the next day.
    case tomorrowPart(DayPart)
    case noon
    case after, from, before
    /// Before a time of day: "at 5".
    case at
    case or
    /// 1 to 12.
    case month(Int)
    /// What makes the rest uncertain: "not", "next week", "within 2 hours".
    case unreadable
}

enum DayPart: Hashable {
    case morning, midday, afternoon, evening

    var range: DayRange {
        switch self {
        case .morning: DayRange(start: 8 * 60, end: 12 * 60)
        case .midday: DayRange(start: 12 * 60, end: 14 * 60)
        case .afternoon: DayRange(start: 12 * 60, end: 17 * 60)
        case .evening: DayRange(start: 17 * 60, end: 20 * 60)
        }
    }
}

/// The phrases that are understood, in some thirty languages. A longer one goes before the shorter ones in it.
enum TimePhrases {
    /// By their folded spelling.
    static let meanings: [String: TimeMeaning] = {
        var meanings: [String: TimeMeaning] = [:]
        func add(_ meaning: TimeMeaning, _ phrases: String) {
            for phrase in phrases.split(separator: ",") {
                let key = FoldedWords(PhonePayload.trimmed(String(phrase))).text
                if meanings[key] == nil { meanings[key] = meaning }
            }
        }
        for (meaning, phrases) in days + parts + relations { add(meaning, phrases) }
        for (index, phrases) in weekdays.enumerated() { add(.weekday(index), phrases) }
        for (index, phrases) in months.enumerated() { add(.month(index + 1), phrases) }
        return meanings
    }()

    /// Scalars of the longest phrase.
    static let longest = meanings.keys.map(\.unicodeScalars.count).max() ?? 0

    private static let days: [(TimeMeaning, String)] = [
        (
            .day(0),
            """
            today,heute,hoy,oggi,hoje,aujourd'hui,сегодня,сьогодні,bugün,vandaag,dziś,dzisiaj,dnes,idag,i dag,tänään,azi,\
            σήμερα,היום,اليوم,امروز,आज,今天,今日,本日,오늘,วันนี้,hôm nay,hari ini,avui
            """
        ),
        (
            .day(1),
            """
            tomorrow,tmrw,demain,domani,amanhã,завтра,yarın,jutro,zítra,zajtra,imorgon,i morgon,i morgen,huomenna,holnap,\
            mâine,αύριο,מחר,غدا,غدًا,بكرة,بكره,فردا,कल,明天,明日,内일,내일,พรุ่งนี้,ngày mai,besok,demà,sutra,утре,am nächsten tag
            """
        ),
        (
            .day(2),
            """
            day after tomorrow,the day after tomorrow,übermorgen,pasado mañana,après demain,après-demain,dopodomani,\
            depois de amanhã,послезавтра,післязавтра,öbür gün,overmorgen,pojutrze,pozítří,i övermorgon,ylihuomenna,\
            μεθαύριο,מחרתיים,بعد غد,بعد غدا,پس فردا,परसों,后天,後天,明後日,あさって,모레,มะรืนนี้,ngày kia,lusa
            """
        ),
        (.tomorrowOrMorning, "morgen,mañana"),
        (
            .workday,
            "weekdays,workdays,business days,mon-fri,mon to fri,mon through fri,mo-fr,mo bis fr,lun-ven,lun a ven,lun-vie,пн-пт,werktags,wochentags,unter der woche,días laborables,будни,в будни,平日,工作日,평일"
        ),
        (
            .weekend,
            "weekend,weekends,at the weekend,on the weekend,wochenende,am wochenende,fin de semana,fim de semana,выходные,в выходные,周末,週末,주말"
        ),
        (
            .unreadable,
            """
            next,nächste,nächsten,nächster,kommende,kommenden,próximo,próxima,prochain,prochaine,prossimo,prossima,\
            следующий,следующую,下周,下週,来週,다음,week,woche,semana,semaine,settimana,неделе,неделю,not,nicht,kein,keine,nie,\
            never,jamais,nunca,pas,не,不要,不行,ない,except,außer,sauf,excepto,exceto,кроме,within,innerhalb,dentro de,dans,через,in einer,minute,\
            hours,hour,stunden,stunde,minutes,minuten,minutos,minuti,минут,days,\
            halb,half past,quarter,viertel,menos,et demie,moins,später,later,más tarde,plus tard,mais tarde,позже
            """
        ),
    ]

    private static let parts: [(TimeMeaning, String)] = [
        (
            .todayPart(.evening),
            "tonight,heute abend,esta noche,ce soir,stasera,esta noite,今晚,今晩,今夜,오늘 밤,오늘밤,vanavond,ikväll,الليلة"
        ),
        (.todayPart(.morning), "this morning,heute früh,esta mañana,ce matin,stamattina,今早,今朝,vanmorgen,vanochtend"),
        (.todayPart(.afternoon), "this afternoon,esta tarde,cet après-midi,vanmiddag"),
        (.tomorrowPart(.morning), "sáng mai,morgenochtend"),
        (.tomorrowPart(.midday), "trưa mai"),
        (.tomorrowPart(.afternoon), "chiều mai,morgenmiddag"),
        (.tomorrowPart(.evening), "tối mai,morgenavond"),
        (
            .part(.morning),
            """
            morning,mornings,in the morning,in the mornings,forenoon,morgens,am morgen,jeden morgen,vormittag,vormittags,\
            am vormittag,früh,in der früh,frühmorgens,por la mañana,por las mañanas,de la mañana,en la mañana,a la mañana,matin,\
            le matin,du matin,matinée,mattina,mattino,di mattina,del mattino,manhã,de manhã,da manhã,pela manhã,утром,утро,утра,\
            с утра,вранці,зранку,ранку,sabah,sabahleyin,öğleden önce,ochtend,'s ochtends,s ochtends,morgens vroeg,rano,\
            rankiem,ráno,dopoledne,förmiddag,formiddag,aamulla,aamupäivällä,reggel,délelőtt,dimineața,πρωί,το πρωί,בבוקר,\
            صباحا,في الصباح,الصباح,صباح,صبح,सुबह,上午,早上,早晨,午前,午前中,朝,오전,아침,เช้า,ตอนเช้า,buổi sáng,sáng,pagi,matí,\
            przed południem
            """
        ),
        (
            .noon,
            """
            noon,midday,at noon,mittag,mittags,am mittag,mediodía,al mediodía,midi,à midi,mezzogiorno,meio dia,meio-dia,полдень,\
            полудня,в полдень,öğlen,öğle,middaguur,południe,poledne,الظهر,ظهرا,צהריים,中午,正午,お昼,昼,정오,เที่ยง,trưa,siang
            """
        ),
        (
            .part(.midday),
            "lunchtime,lunch time,at lunchtime,mittagszeit,pausa pranzo,hora de comer,hora do almoço,обед,в обед,점심"
        ),
        (
            .part(.afternoon),
            """
            afternoon,afternoons,in the afternoon,nachmittag,nachmittags,am nachmittag,spätnachmittag,tarde,por la tarde,\
            por las tardes,de la tarde,en la tarde,a la tarde,après-midi,l'après-midi,de l'après-midi,pomeriggio,\
            del pomeriggio,di pomeriggio,à tarde,da tarde,de tarde,pela tarde,днем,днём,дня,после обеда,вдень,дня,після обіду,\
            öğleden sonra,namiddag,middag,'s middags,s middags,popołudniu,po południu,odpoledne,eftermiddag,iltapäivällä,\
            délután,după-amiaza,απόγευμα,אחר הצהריים,אחרי הצהריים,بعد الظهر,العصر,عصر,عصرا,بعدازظهر,بعد از ظهر,दोपहर,दोपहर में,\
            दोपहर बाद,下午,午後,오후,บ่าย,ตอนบ่าย,buổi chiều,chiều,sore,tarda
            """
        ),
        (
            .part(.evening),
            """
            evening,evenings,in the evening,in the evenings,night,at night,abend,abends,am abend,noche,por la noche,\
            por las noches,de la noche,en la noche,a la noche,soir,le soir,du soir,soirée,en soirée,sera,di sera,della sera,\
            noite,à noite,da noite,de noite,вечером,вечер,вечера,ввечері,увечері,вечора,akşam,akşamları,avond,'s avonds,\
            s avonds,wieczorem,wieczór,večer,kväll,på kvällen,kveld,aften,illalla,seara,βράδυ,בערב,ערב,مساء,في المساء,\
            المساء,ليلا,شب,शाम,शाम को,रात,晚上,傍晚,夜,夕方,晩,저녁,밤,เย็น,ตอนเย็น,ค่ำ,buổi tối,tối,malam,vespre
            """
        ),
    ]

    private static let relations: [(TimeMeaning, String)] = [
        (
            .after,
            """
            after,nach,después,después después de las,a partir,a partir de,a partir de las,après,dopo,dopo le,depois,\
            depois de,depois após,после,після,sonra,dan sonra,den sonra,po,efter,jälkeen,után,după,μετά,אחרי,بعد,بعد از,\
            के बाद,बाद,以后,之后,以後,之後,以降,過ぎ,이후,후에,หลัง,หลังจาก,sau,setelah,sesudah,lewat,later than,past
            """
        ),
        (
            .from,
            "from,starting,since,ab,von,desde,desde las,dès,de,dalle,das,с,со,начиная с,z,od,vanaf,från,fra,من,از,מ,से,从,從,から,부터,ตั้งแต่,từ,dari,mulai"
        ),
        (
            .before,
            """
            before,until,till,by,no later than,vor,bis,spätestens,antes,antes de,antes de las,hasta,hasta las,avant,\
            jusqu'à,jusque,prima,prima delle,entro,entro le,fino alle,antes das,até,até as,até às,до,перед,önce,kadar,voor,\
            tot,przed,před,före,till,innan,ennen,előtt,până,πριν,לפני,עד,قبل,حتى,تا,से पहले,तक,以前,之前,まで,前,이전,까지,전에,\
            ก่อน,trước,đến,sebelum,sampai
            """
        ),
        (
            .at,
            """
            at,o'clock,around,about,between,to,um,gegen,zwischen,ca,a las,sobre las,entre,entre las,vers,alle,verso le,tra,tra le,\
            às,por volta das,entre as,между,около,в,к,arası,saat,om,rond,tussen,około,między,kl,klo,στις,בשעה,בין,الساعة,بين,\
            ساعت,बजे,lúc,pukul,jam,and,und,y,et,e,и,en
            """
        ),
        (
            .or,
            "or,oder,o,u,ou,oppure,или,або,veya,ya da,of,lub,nebo,eller,tai,vagy,sau la,ή,או,او,أو,یا,या,或,或者,还是,または,또는,หรือ,hoặc,atau"
        ),
    ]

    private static let weekdays = [
        "monday,mondays,montag,montags,lunes,lundi,lunedì,segunda,segunda-feira,понедельник,понедельника,понедельникам,пн,понеділок,pazartesi,maandag,poniedziałek,måndag,星期一,周一,週一,礼拜一,月曜日,月曜,월요일,الاثنين,الإثنين,دوشنبه,יום שני,सोमवार,วันจันทร์,thứ hai,senin",
        "tuesday,tuesdays,tue,tues,dienstag,dienstags,martes,mardi,martedì,terça,terça-feira,вторник,вторника,вторникам,вт,вівторок,salı,dinsdag,wtorek,tisdag,星期二,周二,週二,礼拜二,火曜日,火曜,화요일,الثلاثاء,سه شنبه,יום שלישי,मंगलवार,วันอังคาร,thứ ba,selasa",
        "wednesday,wednesdays,wed,mittwoch,mittwochs,miércoles,mercredi,mercoledì,quarta,quarta-feira,среда,среду,среды,средам,ср,середа,середу,çarşamba,woensdag,środa,środę,onsdag,星期三,周三,週三,礼拜三,水曜日,水曜,수요일,الأربعاء,الاربعاء,چهارشنبه,יום רביעי,बुधवार,วันพุธ,thứ tư,rabu",
        "thursday,thursdays,thu,thur,thurs,donnerstag,donnerstags,jueves,jeudi,giovedì,quinta,quinta-feira,четверг,четверга,четвергам,чт,четвер,perşembe,donderdag,czwartek,torsdag,星期四,周四,週四,礼拜四,木曜日,木曜,목요일,الخميس,پنجشنبه,יום חמישי,गुरुवार,วันพฤหัสบดี,thứ năm,kamis",
        "friday,fridays,fri,freitag,freitags,viernes,vendredi,venerdì,sexta,sexta-feira,пятница,пятницу,пятницы,пятницам,пт,п'ятниця,п'ятницю,cuma,vrijdag,piątek,fredag,星期五,周五,週五,礼拜五,金曜日,金曜,금요일,الجمعة,جمعه,יום שישי,शुक्रवार,วันศุกร์,thứ sáu,jumat",
        "saturday,saturdays,sat,samstag,samstags,sonnabend,sábado,samedi,sabato,суббота,субботу,субботы,субботам,сб,субота,суботу,cumartesi,zaterdag,sobota,sobotę,lördag,星期六,周六,週六,礼拜六,土曜日,土曜,토요일,السبت,شنبه,שבת,शनिवार,วันเสาร์,thứ bảy,sabtu",
        "sunday,sundays,sun,sonntag,sonntags,domingo,dimanche,domenica,воскресенье,воскресенья,вс,неділя,неділю,pazar,zondag,niedziela,niedzielę,söndag,星期日,星期天,周日,週日,礼拜天,日曜日,日曜,일요일,الأحد,الاحد,یکشنبه,יום ראשון,रविवार,วันอาทิตย์,chủ nhật,minggu",
    ]

    private static let months = [
        "january,jan,januar,jänner,enero,janvier,gennaio,janeiro,января,январь,січня,ocak,januari,stycznia",
        "february,feb,februar,febrero,février,febbraio,fevereiro,февраля,февраль,лютого,şubat,februari,lutego",
        "march,mar,märz,marzo,mars,março,марта,март,березня,mart,maart,marca",
        "april,apr,abril,avril,aprile,апреля,апрель,квітня,nisan,kwietnia",
        "may,mai,mayo,maggio,maio,мая,май,травня,mayıs,mei,maja",
        "june,jun,juni,junio,juin,giugno,junho,июня,июнь,червня,haziran,czerwca",
        "july,jul,juli,julio,juillet,luglio,julho,июля,июль,липня,temmuz,lipca",
        "august,aug,agosto,août,августа,август,серпня,ağustos,augustus,sierpnia",
        "september,sep,sept,septiembre,septembre,settembre,setembro,сентября,сентябрь,вересня,eylül,września",
        "october,oct,oktober,okt,octubre,octobre,ottobre,outubro,октября,октябрь,жовтня,ekim,października",
        "november,nov,noviembre,novembre,novembro,ноября,ноябрь,листопада,kasım,listopada",
        "december,dec,dezember,dez,diciembre,décembre,dicembre,dezembro,декабря,декабрь,грудня,aralık,grudnia",
    ]
}
