//! The queues of work that follows from reports, in SQS: photos on their way to `photo`, entries on their way to `notice`.
//!
//! Standard queues: order does not matter, and what comes twice does no harm. A job is put before what it is about is written, and
//! waits so long in the queue that as a rule it is.

use app::error::{Error, Kind};
use app::ports::reports::{NoticeJob, PhotoJob, ReportJobs};
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use serde::Serialize;

use crate::clients::Clients;
use crate::failure::failed;
use crate::job;

/// Whoever puts a photo writes it within this time, or is ended: longer than `inbox` lives, in seconds.
pub const PHOTO_DELAY_S: i32 = 8;
/// As a rule an entry is written by then, in seconds. A page that takes longer delays its notice by one turn of the queue.
pub const NOTICE_DELAY_S: i32 = 2;

const PUTTING_PHOTO: &str = "put a photo into its queue";
const PUTTING_NOTICE: &str = "put a notice into its queue";

/// [`ReportJobs`] in SQS. Whoever is told of no queue of a kind has nothing to do with it, and may not use it either.
pub struct SqsReportJobs {
    client: Client,
    photos: Option<String>,
    notices: Option<String>,
}

impl SqsReportJobs {
    /// The queue of photos, and that of notices.
    #[must_use]
    pub fn new(clients: &Clients, photos: Option<String>, notices: Option<String>) -> Self {
        Self { client: clients.sqs(), photos, notices }
    }

    async fn put<T: Serialize>(
        &self,
        doing: &'static str,
        queue: Option<&String>,
        delay_s: i32,
        letter: &T,
    ) -> Result<(), Error> {
        let none = || Error::new(Kind::Permanent, doing, "this function has no such queue");
        let call = self.client.send_message().queue_url(queue.ok_or_else(none)?).delay_seconds(delay_s);
        let call = call.message_body(job::write(letter)?);
        call.send().await.map(drop).map_err(|error| failed(doing, error))
    }
}

#[async_trait]
impl ReportJobs for SqsReportJobs {
    async fn put_photo(&self, job: &PhotoJob) -> Result<(), Error> {
        self.put(PUTTING_PHOTO, self.photos.as_ref(), PHOTO_DELAY_S, job).await
    }

    async fn put_notice(&self, job: &NoticeJob) -> Result<(), Error> {
        self.put(PUTTING_NOTICE, self.notices.as_ref(), NOTICE_DELAY_S, job).await
    }
}

/// What a message of the queue of photos asks for.
pub fn photo_job(body: &str) -> Result<PhotoJob, Error> {
    job::open(body)
}

/// What a message of the queue of notices asks for.
pub fn notice_job(body: &str) -> Result<NoticeJob, Error> {
    job::open(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHOTO: &str = "0199aaaa-0000-5000-8000-000000000001";
    const REPORT: &str = "0199aaaa-0000-7000-8000-000000000001";

    #[test]
    fn a_body_says_its_shape_and_comes_back() {
        for (message, said) in [(Some("468789577898262530"), r#","message":"468789577898262530""#), (None, "")] {
            let photo = PhotoJob { photo: PHOTO.parse().unwrap(), message: message.map(str::to_owned) };
            let body = job::write(&photo).unwrap();
            assert_eq!(body, format!(r#"{{"v":1,"photo":"{PHOTO}"{said}}}"#));
            assert_eq!(photo_job(&body).unwrap(), photo);
        }
        let notice = NoticeJob { report: REPORT.parse().unwrap(), entry: 3 };
        let body = job::write(&notice).unwrap();
        assert_eq!(body, format!(r#"{{"v":1,"report":"{REPORT}","entry":3}}"#));
        assert_eq!(notice_job(&body).unwrap(), notice);
    }

    #[test]
    fn what_is_no_such_body_fails_for_good() {
        let whole = format!(r#"{{"v":1,"photo":"{PHOTO}","message":"1"}}"#);
        assert!(photo_job(&whole).is_ok());
        for odd in [
            whole.replace("\"v\":1", "\"v\":2"),
            whole.replace("\"v\":1,", ""),
            whole.replace("photo", "foto"),
            whole.replace("\"1\"", "1"),
            "null".to_owned(),
            String::new(),
        ] {
            assert_eq!(photo_job(&odd).expect_err(&odd).kind, Kind::Permanent, "{odd}");
        }
    }
}
