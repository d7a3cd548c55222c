//! The counts of residents as staff see them: counted by looking, without scripts or with, and nobody in them can be found.

use app::ports::Clock;
use domain::ids::ResidentId;
use domain::resident::{Resident, Stamp, Standing, Switch};
use domain::staff::Role;
use domain::town::{Area, Department, District, Name, Topic, Town};
use http::StatusCode;
use tests::console::{Browser, Seen, TownHall};

const LOOKS_MAX: usize = 40;

fn town() -> Town {
    let area = Area { id: "north".parse().unwrap(), name: "北".to_owned(), center: String::new() };
    let district = |id: &str, name: &str| District {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        reading: String::new(),
        area: area.id.clone(),
    };
    let department = Department { id: "crime".parse().unwrap(), name: "防犯課".to_owned(), phone: String::new() };
    let mut town = Town {
        districts: vec![district("large", "大町"), district("middle", "中<b>町"), district("small", "小町")],
        topics: vec![Topic {
            id: "crime".parse().unwrap(),
            name: Name { ja: "防犯".to_owned(), ..Name::default() },
            description: String::new(),
            department: department.id.clone(),
            default: Switch::On,
            weekly_max: None,
        }],
        ..Town::default()
    };
    "ためし町".clone_into(&mut town.profile.name);
    town.departments.insert(department.id.clone(), department);
    town.areas.insert(area.id.clone(), area);
    town
}

/// 12 in the large district, 7 in the middle one, 2 in the small one, 6 in none; 3 have blocked.
fn hall() -> TownHall {
    let hall = TownHall::of(town());
    hall.staff.settle([TownHall::person("reader", [Role::Reader("crime".parse().unwrap())])]);
    let districts = [("large", 12), ("middle", 7), ("small", 2), ("", 6), ("large", 3)];
    let places = districts.iter().enumerate().flat_map(|(group, (id, count))| (0..*count).map(move |_| (group, *id)));
    for (number, (group, district)) in places.enumerate() {
        let id: ResidentId = format!("U{:02x}{number:030x}", number * 8).parse().unwrap();
        let stamp = Stamp { at: hall.clock.now(), event: "e".parse().unwrap() };
        let mut resident = Resident::new(id, stamp.clone());
        resident.settings.set_district(district.parse().ok(), &stamp);
        if number == 0 {
            resident.settings.set_topic("crime".parse().unwrap(), Switch::Off, &stamp);
        }
        if group == 4 {
            resident.stand(Standing::Blocked, &stamp);
        }
        hall.counts.put(resident);
    }
    hall
}

/// The cells of the row that begins with a name.
fn row(seen: &Seen, name: &str) -> String {
    let heads = [format!(">{name}</th>"), format!(">{name}</div></th>")];
    let at = heads.iter().find_map(|head| seen.body.find(head)).unwrap_or_else(|| panic!("no {name} in {}", seen.body));
    let row = &seen.body[at..];
    row[..row.find("</tr>").unwrap()].to_owned()
}

async fn begin(browser: &Browser) {
    let page = browser.get("/residents").await;
    let begun = browser.post(&page, "/residents/count", &[]).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/residents?done=begun"));
}

async fn look_until_counted(browser: &Browser) -> Seen {
    for _ in 0..LOOKS_MAX {
        let page = browser.get("/residents").await;
        if !page.body.contains("<progress") {
            return page;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn without_scripts_every_look_at_the_page_counts_on() {
    let hall = hall();
    let browser = hall.signed_in("reader").await;
    assert!(browser.get("/residents").await.body.contains("まだ一度も数えていません"));
    begin(&browser).await;
    let under_way = browser.get("/residents?done=begun").await;
    assert!(under_way.body.contains("<progress") && under_way.body.contains("数えはじめました"));
    assert!(under_way.body.contains(r#"data-url="/residents/counting.json""#));
    let page = look_until_counted(&browser).await;
    assert!(page.body.contains("2026年11月21日（土）12:00"), "{}", page.body);
    assert!(row(&page, "合計").contains(">27<"));
    assert!(row(&page, "大町").contains(">12<"));
    assert!(row(&page, "小町").contains("5人未満"));
    assert!(row(&page, "中&lt;b&gt;町").contains(">7<"));
    assert!(row(&page, "地区を選んでいない人").contains("非表示"), "else the small one could be computed");
    assert!(row(&page, "防犯").contains(">26<"), "all but the one who switched it off");
    assert!(row(&page, "日本語").contains(">27<"));
    assert!(row(&page, "2026年11月21日（土）").contains(">30<"), "blocked or not, they came");
    assert!(!page.body.contains("U00"), "no ids");
}

#[tokio::test]
async fn a_script_is_told_how_far_it_has_come() {
    let hall = hall();
    let browser = hall.signed_in("reader").await;
    begin(&browser).await;
    let mut last = 0;
    for _ in 0..LOOKS_MAX {
        let seen = browser.get("/residents/counting.json").await;
        assert!(seen.headers[http::header::CONTENT_TYPE].to_str().unwrap().starts_with("application/json"));
        let number = |name: &str| {
            let rest = seen.body.split_once(&format!("\"{name}\":")).unwrap().1;
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap()
        };
        assert_eq!(number("total"), 256);
        assert!(last < number("done"), "it goes on");
        last = number("done");
        if seen.body.contains("\"finished\":true") {
            assert_eq!(last, 256);
            return;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn the_home_page_tells_the_last_count_and_the_newcomers_of_today_only() {
    let hall = hall();
    let browser = hall.signed_in("reader").await;
    assert!(browser.get("/").await.body.contains("まだ数えていません"));
    begin(&browser).await;
    look_until_counted(&browser).await;
    let home = browser.get("/").await.body;
    assert!(home.contains("27") && home.contains("今日の新しい友だち") && home.contains("30"), "{home}");
    assert!(home.contains("いま、あなたを待っている仕事はありません"), "a reader has no phone to connect");
    hall.clock.advance(jiff::SignedDuration::from_hours(12));
    let browser = hall.signed_in("reader").await;
    assert!(!browser.get("/").await.body.contains("今日の新しい友だち"), "yesterday's are not today's");
}

#[tokio::test]
async fn who_has_the_residents_counted_or_asks_for_a_code_is_recorded() {
    use domain::audit::Action;
    let hall = TownHall::of(domain::town::Town::default());
    hall.staff.settle([TownHall::person("admin", [domain::staff::Role::Administrator])]);
    let browser = hall.signed_in("admin").await;
    let home = browser.get("/").await;
    for path in ["/residents/count", "/residents/count", "/trial/code", "/trial/code"] {
        browser.post(&home, path, &[]).await;
    }
    let acts: Vec<_> = hall.staff.acts().into_iter().map(|act| act.action).collect();
    assert_eq!(acts, [Action::SignIn, Action::CountResidents, Action::OfferCode], "once a minute");
    hall.staff.fail([tests::staff::StaffFault::Throttled]);
    hall.clock.advance(jiff::SignedDuration::from_secs(60));
    let fault = browser.post(&home, "/trial/code", &[]).await;
    assert_eq!(fault.status, http::StatusCode::SERVICE_UNAVAILABLE, "no code without its entry");
}
