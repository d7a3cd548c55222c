//! Pictures in the bucket: written whole, kept by every cache, and fetched from the town's own address.

use app::pictures::Picture;
use app::ports::{PictureAddresses as _, PictureUrls, Pictures as _};
use aws::pictures::S3Pictures;
use domain::broadcast::content::PictureId;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stub::clients_at;

fn id() -> PictureId {
    PictureId::of([0xab; 32])
}

fn pictures(server: &MockServer) -> S3Pictures {
    S3Pictures::new(&clients_at(&server.uri()), "media".to_owned(), "https://media.example.jp/")
}

fn at(kind: &str) -> String {
    format!("/media/pictures/{}/{kind}.jpg", id().as_str())
}

#[tokio::test]
async fn both_files_are_written_for_good() {
    let server = MockServer::start().await;
    Mock::given(method("PUT")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let picture = Picture { original: b"large".to_vec(), preview: b"small".to_vec() };
    pictures(&server).keep(&id(), &picture).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let asked: Vec<_> = requests.iter().map(|request| request.url.path().to_owned()).collect();
    assert_eq!(asked, [at("original"), at("preview")]);
    for request in requests {
        assert_eq!(request.headers["content-type"], "image/jpeg");
        assert_eq!(request.headers["cache-control"], "public, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn a_picture_is_fetched_where_it_was_put() {
    let server = MockServer::start().await;
    let small = ResponseTemplate::new(200).set_body_bytes(b"small".to_vec());
    Mock::given(method("GET")).and(path(at("preview"))).respond_with(small).mount(&server).await;
    let none = r#"<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>no</Message></Error>"#;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(404).set_body_string(none)).mount(&server).await;
    let pictures = pictures(&server);
    assert_eq!(pictures.preview(&id()).await.unwrap(), Some(b"small".to_vec()));
    assert_eq!(pictures.preview(&PictureId::of([1; 32])).await.unwrap(), None);
    let url = |kind: &str| format!("https://media.example.jp/pictures/{}/{kind}.jpg", id().as_str());
    assert_eq!(pictures.urls(&id()), PictureUrls { original: url("original"), preview: url("preview") });
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error() {
    let server = MockServer::start().await;
    let denied = r#"<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"#;
    Mock::given(method("PUT")).respond_with(ResponseTemplate::new(403).set_body_string(denied)).mount(&server).await;
    let picture = Picture { original: Vec::new(), preview: Vec::new() };
    pictures(&server).keep(&id(), &picture).await.unwrap_err();
    assert_eq!(server.received_requests().await.unwrap().len(), 1, "no preview without its original");
}
