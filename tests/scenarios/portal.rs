//! The public page: what everybody may read, from the approval of a broadcast to the reader's phone.

use std::sync::Arc;

use app::broadcast::public::PublicPage;
use app::ports::Towns;
use app::ports::broadcasts::Broadcasts;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Button, Content, Does, Message, PictureId, Wording};
use domain::broadcast::{Broadcast, Lane, State};
use domain::language::Language;
use domain::resident::Switch;
use domain::town::Town;
use http::{Method, Request, Response};
use jiff::SignedDuration;
use portal::Portal;
use tests::city::TestTown;
use tests::outside::faces_of;
use tests::post::Post;

use crate::sending::{approve, city, id};

const HOST: &str = "portal.example";
const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";

pub(crate) fn town() -> Town {
    let mut town = Town::default();
    "みどり市".clone_into(&mut town.profile.name);
    town.profile.languages = vec![Language::Japanese, Language::EasyJapanese, Language::English];
    town.profile.sending.public_page = Switch::On;
    town
}

pub(crate) fn portal_of(post: &Arc<Post>, town: Town) -> Portal {
    portal_with(post, Arc::new(TestTown(Arc::new(town))))
}

pub(crate) fn portal_with(post: &Arc<Post>, towns: Arc<dyn Towns>) -> Portal {
    let public = PublicPage::new(post.clone(), towns.clone(), post.clone(), post.clone());
    let faces = faces_of(&Arc::default(), &Arc::default(), post.clone());
    Portal::new(public, faces, towns, post.clone(), "https://pictures.example").unwrap()
}

pub(crate) async fn ask(portal: &Portal, method: Method, path: &str, headers: &[(&str, &str)]) -> Response<String> {
    let mut request = Request::builder().method(method).uri(path).header("host", HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    portal.answer(request.body(bytes()).unwrap()).await
}

fn bytes() -> axum::body::Bytes {
    axum::body::Bytes::new()
}

pub(crate) async fn get(portal: &Portal, path: &str) -> Response<String> {
    ask(portal, Method::GET, path, &[]).await
}

pub(crate) async fn page(portal: &Portal, path: &str) -> String {
    let response = get(portal, path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.into_body()
}

fn style_of(html: &str) -> &str {
    let (_, rest) = html.split_once("<link rel=\"stylesheet\" href=\"").unwrap();
    rest.split_once('"').unwrap().0
}

/// Finished broadcasts like `like`, so many, each a minute after the one before.
async fn fill(post: &Post, like: &Broadcast, count: u32) {
    let State::Finished { since, at, plan, account } = like.state.clone() else { panic!("{:?}", like.state) };
    for number in 2..2 + count {
        let since = since + SignedDuration::from_mins(i64::from(number));
        let state = State::Finished { since, at, plan: plan.clone(), account };
        post.put(&Broadcast { id: id(number), state, ..like.clone() }, None, None).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_to_all_is_on_the_page_and_in_the_feed_from_the_moment_it_goes() {
    let (post, functions) = city(500);
    let portal = portal_of(&post, town());
    approve(&post, id(1), Lane::Emergency, 1).await;
    let html = page(&portal, "/news").await;
    assert!(html.contains("お知らせは、まだありません。") && !html.contains("<article"), "it can still be taken back");
    let done = functions.work_until_closed(&id(1), 5).await;
    assert!(matches!(done.state, State::Finished { .. }));
    let portal = portal_of(&post, town());
    let html = page(&portal, "/news").await;
    assert!(html.contains("<p>避難</p>") && html.contains("2026年11月21日（土）12:"), "{html}");
    for internal in ["避難のお願い", "author", "approver", "disaster", "500"] {
        assert!(!html.contains(internal), "{internal}: {html}");
    }
    let english = page(&portal, "/news?lang=en").await;
    assert!(english.contains("<html lang=\"en\">") && english.contains("<p>Leave</p>"), "{english}");
    let easy = page(&portal, "/news?lang=ja-easy").await;
    assert!(easy.contains("<p>避難</p>") && easy.contains("みどり市が LINEで"), "{easy}");
    let feed = page(&portal, "/news.atom").await;
    assert!(feed.contains("<id>urn:uuid:0199aaaa-0000-7000-8000-000000000001</id>"), "{feed}");
    assert!(feed.contains(&format!("href=\"https://{HOST}/news.atom\"")), "{feed}");
}

#[tokio::test(start_paused = true)]
async fn whatever_was_typed_stays_text() {
    let (post, functions) = city(1);
    approve(&post, id(1), Lane::Routine, 1).await;
    let done = functions.work_until_closed(&id(1), 5).await;
    let buttons = vec![
        Button { label: EVIL.to_owned(), does: Does::Open(format!("https://a.example/{EVIL}")) },
        Button { label: "悪".to_owned(), does: Does::Open("javascript:alert(3)".to_owned()) },
    ];
    let messages = vec![
        Message::Text(EVIL.to_owned()),
        Message::Picture(PictureId::of([7; 32])),
        Message::Buttons { title: EVIL.to_owned(), text: EVIL.to_owned(), buttons },
        Message::Flex { alt: EVIL.to_owned(), contents: EVIL.to_owned() },
    ];
    let content = Content { wordings: [(Language::Japanese, Wording { messages })].into() };
    post.put(&Broadcast { content, id: id(2), ..done }, None, None).await.unwrap();
    let mut town = town();
    EVIL.clone_into(&mut town.profile.name);
    let portal = portal_of(&post, town);
    let html = page(&portal, "/news").await;
    let feed = page(&portal, "/news.atom").await;
    for out in [&html, &feed] {
        for evil in ["<script", "<img src=x", "javascript:"] {
            assert!(!out.contains(evil), "{evil} in {out}");
        }
    }
    assert!(html.contains("&lt;script&gt;") && html.contains("img src=\"https://pictures.example/0707"), "{html}");
}

#[tokio::test(start_paused = true)]
async fn long_news_are_paged() {
    let (post, functions) = city(1);
    approve(&post, id(1), Lane::Routine, 1).await;
    let done = functions.work_until_closed(&id(1), 5).await;
    fill(&post, &done, 69).await;
    let segment = Audience::JoinedSince(jiff::civil::date(2026, 1, 1));
    post.put(&Broadcast { id: id(999), audience: segment, ..done }, None, None).await.unwrap();
    let portal = portal_of(&post, town());
    let mut seen = Vec::new();
    for (number, articles) in [(1, 30), (2, 30), (3, 10)] {
        let html = page(&portal, &format!("/news?page={number}")).await;
        let ids: Vec<String> = html.split("<article id=\"").skip(1).map(|rest| rest[..36].to_owned()).collect();
        assert_eq!(ids.len(), articles, "page {number}");
        let has = |page: u32| html.contains(&format!("href=\"/news?page={page}\""));
        assert_eq!((has(number - 1), has(number + 1)), (number == 3, number < 3), "page {number}");
        seen.extend(ids);
    }
    let expected: Vec<String> = (1..=70).rev().map(|number| id(number).to_string()).collect();
    assert_eq!(seen, expected, "each once, the newest first");
    for none in ["0", "4", "-1", "1.5", "x", "18446744073709551615", "99999999999999999999"] {
        assert_eq!(get(&portal, &format!("/news?page={none}")).await.status(), 404, "{none}");
    }
    assert_eq!(page(&portal, "/news.atom").await.matches("<entry").count(), 50);
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_guarded_and_kept_as_long_as_it_may_be() {
    let (post, _) = city(0);
    let portal = portal_of(&post, town());
    let html = page(&portal, "/news").await;
    for (path, status, kept, content_type) in [
        ("/", 302, "public, max-age=60", "text/plain; charset=utf-8"),
        ("/news", 200, "public, max-age=60", "text/html; charset=utf-8"),
        ("/news.atom", 200, "public, max-age=60", "application/atom+xml; charset=utf-8"),
        (style_of(&html), 200, "public, max-age=31536000, immutable", "text/css; charset=utf-8"),
        ("/news/", 404, "public, max-age=60", "text/html; charset=utf-8"),
        ("/assets/portal-000000000000.css", 404, "public, max-age=60", "text/html; charset=utf-8"),
        ("/.env", 404, "public, max-age=60", "text/html; charset=utf-8"),
    ] {
        let response = get(&portal, path).await;
        let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(
            (response.status().as_u16(), header("cache-control"), header("content-type")),
            (status, kept, content_type),
            "{path}"
        );
        assert!(
            header("content-security-policy")
                .starts_with("default-src 'none'; style-src 'self'; img-src https://pictures.example/;")
        );
        assert!(!header("content-security-policy").contains("unsafe"));
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")]
        {
            assert_eq!(header(name), value, "{path}");
        }
        assert!(header("strict-transport-security").starts_with("max-age="));
        if path == "/" {
            assert_eq!(header("location"), "/news");
        }
        if status == 200 {
            let known = [("if-none-match", header("etag"))];
            let again = ask(&portal, Method::GET, path, &known).await;
            assert_eq!((again.status().as_u16(), again.body().as_str()), (304, ""), "{path}");
            assert_eq!(again.headers()["etag"], header("etag"));
            assert_eq!(ask(&portal, Method::GET, path, &[("if-none-match", "\"0\"")]).await.status(), 200, "{path}");
        }
    }
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains(" on"), "{html}");
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let response = ask(&portal, method.clone(), "/news", &[]).await;
        assert_eq!(
            (response.status().as_u16(), response.headers()["allow"].to_str().unwrap()),
            (405, "GET, HEAD"),
            "{method}"
        );
        assert_eq!(ask(&portal, method, "/elsewhere", &[]).await.status(), 404);
    }
}

#[tokio::test(start_paused = true)]
async fn a_town_that_does_not_want_it_shows_nothing_and_does_not_say_what_it_hides() {
    let (post, _) = city(0);
    let style = style_of(&page(&portal_of(&post, town()), "/news").await).to_owned();
    let mut town = town();
    town.profile.sending.public_page = Switch::Off;
    let portal = portal_of(&post, town);
    // The page that says so looks like the others.
    assert_eq!(ask(&portal, Method::GET, &style, &[]).await.status(), 200);
    for path in ["/", "/news", "/news.atom", "/elsewhere"] {
        for method in [Method::GET, Method::POST] {
            let response = ask(&portal, method, path, &[]).await;
            assert_eq!(response.status(), 404, "{path}");
            assert!(!response.body().contains("みどり市"), "{path}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_language_that_the_town_does_not_offer_is_not_offered() {
    let (post, _) = city(0);
    let mut town = town();
    town.profile.languages = vec![Language::Japanese];
    let portal = portal_of(&post, town);
    let html = page(&portal, "/news?lang=en").await;
    assert!(html.contains("<html lang=\"ja\">") && !html.contains("English"), "{html}");
    for odd in ["/news?lang=fr", "/news?lang=%ff", "/news?lang=", "/news?%%%", "/news?lang=en&lang=ja"] {
        assert!(page(&portal, odd).await.contains("<html lang=\"ja\">"), "{odd}");
    }
}
