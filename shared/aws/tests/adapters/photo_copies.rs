//! What everybody sees of photos, in the bucket: where pictures are, but not for good.

use app::pictures::Picture;
use app::ports::PictureAddresses as _;
use app::ports::pictures::PhotoCopies as _;
use aws::photo_copies::S3PhotoCopies;
use aws::pictures::S3PictureAddresses;
use domain::broadcast::content::PictureId;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stub::clients_at;

#[tokio::test]
async fn copies_are_kept_where_pictures_are_found_and_erased_there() {
    let server = MockServer::start().await;
    for (verb, status) in [("PUT", 200), ("DELETE", 204)] {
        Mock::given(method(verb)).respond_with(ResponseTemplate::new(status)).mount(&server).await;
    }
    let copies = S3PhotoCopies::new(&clients_at(&server.uri()), "media".to_owned());
    let id = PictureId::of([0xab; 32]);
    let copy = Picture { original: b"large".to_vec(), preview: b"small".to_vec() };
    copies.keep(&id, &copy).await.unwrap();
    copies.erase(&id).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let asked: Vec<_> = requests.iter().map(|request| (request.method.as_str(), request.url.path())).collect();
    let urls = S3PictureAddresses::new("/media").urls(&id);
    let (large, small) = (urls.original.as_str(), urls.preview.as_str());
    assert_eq!(asked, [("PUT", large), ("PUT", small), ("DELETE", large), ("DELETE", small)]);
    assert_eq!(requests[0].headers["cache-control"], "public, max-age=3600", "what is hidden leaves caches soon");
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error() {
    let server = MockServer::start().await;
    let denied = r#"<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"#;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(403).set_body_string(denied)).mount(&server).await;
    let copies = S3PhotoCopies::new(&clients_at(&server.uri()), "media".to_owned());
    copies.erase(&PictureId::of([1; 32])).await.unwrap_err();
}
