//! Photos that browsers put into the bucket: taken over once, however often it is said, and the original never stays.

use app::report::photo::NEVER_UPLOADED_AFTER;
use aws::report_jobs::photo_jobs;

use super::*;

/// What S3 says when a browser has put the photo.
fn said_by_the_bucket() -> String {
    let key = format!("incoming/{}/{}", report_id(), photo_id());
    format!(r#"{{"Records":[{{"eventName":"ObjectCreated:Put","s3":{{"object":{{"key":"{key}"}}}}}}]}}"#)
}

impl Scene {
    /// A browser was given a link, and has put this file.
    async fn uploading(file: &[u8]) -> Self {
        let scene = Self::new().await;
        scene.upload(file);
        scene
    }

    async fn take_over(&self) -> Result<Taken, Kind> {
        self.take_job(uploaded()).await
    }

    fn is_taken_over(&self) -> bool {
        self.is_kept() && self.files.kept() == 1 && self.uploads.waiting() == 0
    }

    /// How often the photo's item was written.
    async fn writings(&self) -> u64 {
        self.reports.photos(&[photo_id()]).await.unwrap().remove(0).version
    }
}

#[tokio::test]
async fn an_upload_that_is_told_of_many_times_is_one_photo() {
    let scene = Scene::uploading(FILE).await;
    let mut told = Vec::new();
    for body in [said_by_the_bucket(), said_by_the_bucket()] {
        told.extend(photo_jobs(&body).unwrap());
    }
    assert_eq!(told, [uploaded(), uploaded()], "the same as was put with the link");
    for (count, job) in told.into_iter().chain([uploaded()]).enumerate() {
        assert_eq!(scene.take_job(job).await, Ok(if count == 0 { Taken::Kept } else { Taken::Settled }));
        assert!(scene.is_taken_over());
    }
    assert_eq!(scene.files.photo(&report_id(), &photo_id()), clean(FILE).ok());
    assert_eq!(scene.writings().await, 2, "written once when it began, and once when it was taken");
}

#[tokio::test]
async fn of_two_that_take_an_upload_over_at_once_one_finds_it_settled() {
    let scene = Scene::uploading(FILE).await;
    let (one, other) = futures_util::join!(scene.take_over(), scene.take_over());
    let mut taken = [one.unwrap(), other.unwrap()];
    taken.sort_by_key(|taken| *taken == Taken::Settled);
    assert_eq!(taken, [Taken::Kept, Taken::Settled]);
    assert!(scene.is_taken_over());
}

#[tokio::test]
async fn whoever_dies_at_any_step_of_an_upload_loses_nothing_and_leaves_nothing() {
    for calls in 0.. {
        let scene = Scene::uploading(FILE).await;
        scene.life.ends_after(calls);
        let first = scene.take_over().await;
        scene.life.ends_after(usize::MAX);
        if first.is_ok() {
            assert_eq!(calls, 5, "read, fetch, keep, write, erase");
            break;
        }
        let expected = if calls < 4 { Taken::Kept } else { Taken::Settled };
        assert_eq!(scene.take_over().await, Ok(expected), "after {calls} calls");
        assert!(scene.is_taken_over(), "after {calls} calls");
    }
}

#[tokio::test]
async fn what_is_put_once_more_does_not_replace_the_photo_and_does_not_stay() {
    let scene = Scene::uploading(FILE).await;
    scene.take_over().await.unwrap();
    scene.upload(b"GIF89a");
    assert_eq!(scene.take_over().await, Ok(Taken::Settled));
    assert!(scene.is_taken_over());
}

#[tokio::test]
async fn an_upload_is_awaited_and_one_that_never_comes_is_gone() {
    let scene = Scene::new().await;
    assert_eq!(scene.take_over().await, Err(Kind::Transient));
    scene.clock.advance(NEVER_UPLOADED_AFTER - SignedDuration::from_secs(1));
    assert_eq!(scene.take_over().await, Err(Kind::Transient));
    assert_eq!(scene.state(), PhotoState::Waiting);
    scene.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(scene.take_over().await, Ok(Taken::Refused(PhotoFault::Gone)));
    assert_eq!(scene.state(), PhotoState::Refused(PhotoFault::Gone));
    scene.upload(FILE);
    assert_eq!(scene.take_over().await, Ok(Taken::Kept), "later than late");
    assert!(scene.is_taken_over());

    let slow = Scene::new().await;
    slow.clock.advance(NEVER_UPLOADED_AFTER - SignedDuration::from_secs(1));
    assert_eq!(slow.take_over().await, Err(Kind::Transient));
    slow.upload(FILE);
    assert_eq!(slow.take_over().await, Ok(Taken::Kept));
    assert!(slow.is_taken_over());
}

#[tokio::test]
async fn an_upload_that_is_taken_back_is_erased_wherever_its_taking_stands() {
    for calls in 0..=5 {
        let scene = Scene::uploading(FILE).await;
        scene.life.ends_after(calls);
        let first = scene.take_over().await;
        scene.life.ends_after(usize::MAX);
        scene.withdraw().await;
        for job in scene.jobs.take_photos() {
            assert_eq!(scene.take_job(job).await, Ok(Taken::Withdrawn), "after {calls} calls");
        }
        assert!(scene.is_withdrawn(), "after {calls} calls");
        if first.is_err() {
            assert_eq!(scene.take_over().await, Ok(Taken::Withdrawn), "after {calls} calls");
        }
        scene.upload(FILE);
        assert_eq!(scene.take_over().await, Ok(Taken::Withdrawn), "the link still stood");
        assert!(scene.is_withdrawn(), "after {calls} calls");
    }
}

#[tokio::test]
async fn an_upload_of_nobodys_waits_for_its_item_and_is_erased_then() {
    let scene = Scene::before_it_is_written();
    scene.upload(FILE);
    assert_eq!(scene.take_over().await, Err(Kind::Transient));
    assert_eq!(scene.uploads.waiting(), 1);
    scene.clock.advance(WRITTEN_WITHIN);
    assert_eq!(scene.take_over().await, Ok(Taken::Dropped));
    assert_eq!((scene.files.kept(), scene.uploads.waiting()), (0, 0));
}

/// Whatever the browser said that it is: what is within decides.
#[tokio::test]
async fn what_is_no_photo_is_a_fact_and_its_original_is_erased_too() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat";
    let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x06\0\0\0\x4b\xaf\x3d\xca";
    for (file, fault) in [
        (&b""[..], PhotoFault::OtherFormat),
        (b"<!DOCTYPE html><script>alert(1)</script>", PhotoFault::OtherFormat),
        (heic, PhotoFault::Heic),
        (bomb, PhotoFault::TooManyPixels),
        (&FILE[..FILE.len() / 2], PhotoFault::Broken),
        (&vec![0; 20_000_001], PhotoFault::TooLarge),
    ] {
        for calls in 0..=4 {
            let scene = Scene::uploading(file).await;
            scene.life.ends_after(calls);
            let first = scene.take_over().await;
            scene.life.ends_after(usize::MAX);
            assert_eq!(first.is_ok(), calls == 4, "read, fetch, write, erase");
            let expected = if calls < 3 { Taken::Refused(fault) } else { Taken::Settled };
            assert_eq!(scene.take_over().await, Ok(expected), "{fault:?} after {calls} calls");
            assert_eq!(scene.state(), PhotoState::Refused(fault));
            assert_eq!((scene.files.kept(), scene.uploads.waiting()), (0, 0), "{fault:?} after {calls} calls");
            assert_eq!(scene.writings().await, 2);
        }
    }
}
