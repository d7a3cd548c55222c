//! The queues of work that follows from reports, in SQS: photos on their way to `photo`, entries on their way to `notice`,
//! changes on their way to `relay`.
//!
//! Standard queues: order does not matter, and what comes twice does no harm. A job is put before what it is about is written, and
//! waits so long in the queue that as a rule it is.

use app::error::{Error, Kind};
use app::ports::reports::{ChangeJob, NoticeJob, PhotoJob, ReportJobs};
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use serde::Serialize;

use crate::clients::Clients;
use crate::failure::failed;
use crate::{job, photo_events};

/// Whoever puts a photo writes it within this time, or is ended: longer than `inbox` lives, in seconds.
pub const PHOTO_DELAY_S: i32 = 8;
/// As a rule an entry is written by then, in seconds. A page that takes longer delays its notice by one turn of the queue.
pub const NOTICE_DELAY_S: i32 = 2;

/// The same for a change.
pub const CHANGE_DELAY_S: i32 = 2;

const PUTTING_PHOTO: &str = "put a photo into its queue";
const PUTTING_NOTICE: &str = "put a notice into its queue";
const PUTTING_CHANGE: &str = "put a change into its queue";

/// The addresses of the queues. Whoever is told of none of a kind has nothing to do with it, and may not use it either.
#[derive(Debug, Clone, Default)]
pub struct ReportQueues {
    /// The queue of photos.
    pub photos: Option<String>,
    /// The queue of what reporters are to hear.
    pub notices: Option<String>,
    /// The queue of what other systems are to hear.
    pub changes: Option<String>,
}

/// [`ReportJobs`] in SQS.
pub struct SqsReportJobs {
    client: Client,
    queues: ReportQueues,
}

impl SqsReportJobs {
    /// Those of these queues.
    #[must_use]
    pub fn new(clients: &Clients, queues: ReportQueues) -> Self {
        Self { client: clients.sqs(), queues }
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
        self.put(PUTTING_PHOTO, self.queues.photos.as_ref(), PHOTO_DELAY_S, job).await
    }

    async fn put_notice(&self, job: &NoticeJob) -> Result<(), Error> {
        self.put(PUTTING_NOTICE, self.queues.notices.as_ref(), NOTICE_DELAY_S, job).await
    }

    async fn put_change(&self, job: &ChangeJob) -> Result<(), Error> {
        self.put(PUTTING_CHANGE, self.queues.changes.as_ref(), CHANGE_DELAY_S, job).await
    }
}

/// What a message of the queue of photos asks for: one of ours, or one by which the bucket says what was put into it.
pub fn photo_jobs(body: &str) -> Result<Vec<PhotoJob>, Error> {
    photo_events::open(body).unwrap_or_else(|| job::open(body).map(|job| vec![job]))
}

/// What a message of the queue of notices asks for.
pub fn notice_job(body: &str) -> Result<NoticeJob, Error> {
    job::open(body)
}

/// What a message of the queue of changes asks for.
pub fn change_job(body: &str) -> Result<ChangeJob, Error> {
    job::open(body)
}

#[cfg(test)]
mod tests {
    use domain::ids::{PhotoId, ReportId};

    use super::*;

    const PHOTO: &str = "0199aaaa-0000-5000-8000-000000000001";
    const REPORT: &str = "0199aaaa-0000-7000-8000-000000000001";

    #[test]
    fn a_body_says_its_shape_and_comes_back() {
        let (photo, report): (PhotoId, ReportId) = (PHOTO.parse().unwrap(), REPORT.parse().unwrap());
        for (job, said) in [
            (
                PhotoJob::Sent { photo: photo.clone(), message: "468789577898262530".to_owned() },
                r#","message":"468789577898262530""#.to_owned(),
            ),
            (PhotoJob::Uploaded { photo: photo.clone(), report }, format!(r#","report":"{REPORT}""#)),
            (PhotoJob::Withdrawn { photo }, String::new()),
        ] {
            let body = job::write(&job).unwrap();
            assert_eq!(body, format!(r#"{{"v":1,"photo":"{PHOTO}"{said}}}"#));
            assert_eq!(photo_jobs(&body).unwrap(), [job]);
        }
        let notice = NoticeJob { report: REPORT.parse().unwrap(), entry: 3 };
        let body = job::write(&notice).unwrap();
        assert_eq!(body, format!(r#"{{"v":1,"report":"{REPORT}","entry":3}}"#));
        assert_eq!(notice_job(&body).unwrap(), notice);
        for (hook, said) in [(Some(PHOTO), format!(r#","hook":"{PHOTO}""#)), (None, String::new())] {
            let change = ChangeJob { report: REPORT.parse().unwrap(), change: 3, hook: hook.map(str::to_owned) };
            let body = job::write(&change).unwrap();
            assert_eq!(body, format!(r#"{{"v":1,"report":"{REPORT}","change":3{said}}}"#));
            assert_eq!(change_job(&body).unwrap(), change);
        }
    }

    #[test]
    fn what_is_no_such_body_fails_for_good() {
        let whole = format!(r#"{{"v":1,"photo":"{PHOTO}","message":"1"}}"#);
        assert!(photo_jobs(&whole).is_ok());
        for odd in [
            whole.replace("\"v\":1", "\"v\":2"),
            whole.replace("\"v\":1,", ""),
            whole.replace("photo", "foto"),
            whole.replace("\"1\"", "1"),
            whole.replace('}', &format!(r#","report":"{REPORT}"}}"#)),
            "null".to_owned(),
            String::new(),
        ] {
            assert_eq!(photo_jobs(&odd).expect_err(&odd).kind, Kind::Permanent, "{odd}");
        }
    }
}
