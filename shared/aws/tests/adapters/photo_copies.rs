//! What everybody sees of photos, in the bucket: apart from the pictures of broadcasts, and not for good.

use app::pictures::Picture;
use app::ports::pictures::PhotoCopies as _;
use app::ports::{PictureAddresses as _, PictureUrls};
use aws::photo_copies::{S3CopyAddresses, S3PhotoCopies};
use domain::broadcast::content::PictureId;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stub::clients_at;

#[tokio::test]
async fn copies_are_kept_where_they_are_found_and_erased_there_and_nowhere_near_other_pictures() {
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
    let at = |size: &str| format!("/media/released/{}/{size}.jpg", id.as_str());
    let urls = PictureUrls { original: at("original"), preview: at("preview") };
    assert_eq!(S3CopyAddresses::new("/media/").urls(&id), urls);
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
