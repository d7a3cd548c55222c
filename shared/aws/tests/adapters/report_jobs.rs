//! The queues of what follows from reports: each job into its own, and there only after a moment.

use app::error::Kind;
use app::ports::reports::{ChangeJob, NoticeJob, PhotoJob, ReportJobs as _};
use aws::report_jobs::{ReportQueues, SqsReportJobs, change_job, notice_job, photo_jobs};
use serde_json::json;

use crate::stub::{Answer, Stub, error, ok};

const PHOTOS: &str = "https://sqs.ap-northeast-1.amazonaws.com/1/city-photos";
const NOTICES: &str = "https://sqs.ap-northeast-1.amazonaws.com/1/city-notices";
const CHANGES: &str = "https://sqs.ap-northeast-1.amazonaws.com/1/city-changes";

fn taken() -> Answer {
    ok(json!({ "MessageId": "m" }))
}

fn photo() -> PhotoJob {
    let message = "468789577898262530".to_owned();
    PhotoJob::Sent { photo: "0199aaaa-0000-5000-8000-000000000001".parse().unwrap(), message }
}

fn notice() -> NoticeJob {
    NoticeJob { report: "0199aaaa-0000-7000-8000-000000000001".parse().unwrap(), entry: 3 }
}

fn change() -> ChangeJob {
    ChangeJob { report: "0199aaaa-0000-7000-8000-000000000001".parse().unwrap(), change: 3, hook: None }
}

/// The queues of these addresses, and no others.
fn queues(photos: Option<&str>, notices: Option<&str>, changes: Option<&str>) -> ReportQueues {
    let [photos, notices, changes] = [photos, notices, changes].map(|url| url.map(str::to_owned));
    ReportQueues { photos, notices, changes }
}

#[tokio::test]
async fn a_job_waits_in_its_queue_until_what_it_is_about_is_written() {
    let stub = Stub::answering([taken(), taken(), taken()]).await;
    let jobs = SqsReportJobs::new(&stub.clients(), queues(Some(PHOTOS), Some(NOTICES), Some(CHANGES)));
    jobs.put_photo(&photo()).await.unwrap();
    jobs.put_notice(&notice()).await.unwrap();
    jobs.put_change(&change()).await.unwrap();
    let asked = stub.asked().await;
    let said = |place: usize, name: &str| asked[place].body[name].clone();
    assert_eq!([said(0, "QueueUrl"), said(1, "QueueUrl"), said(2, "QueueUrl")], [PHOTOS, NOTICES, CHANGES]);
    assert_eq!([said(0, "DelaySeconds"), said(1, "DelaySeconds"), said(2, "DelaySeconds")], [8, 2, 2]);
    assert_eq!(photo_jobs(said(0, "MessageBody").as_str().unwrap()).unwrap(), [photo()]);
    assert_eq!(notice_job(said(1, "MessageBody").as_str().unwrap()).unwrap(), notice());
    assert_eq!(change_job(said(2, "MessageBody").as_str().unwrap()).unwrap(), change());
}

#[tokio::test]
async fn whoever_has_no_such_queue_puts_nothing() {
    let stub = Stub::answering([]).await;
    let photos = SqsReportJobs::new(&stub.clients(), queues(Some(PHOTOS), None, None));
    assert_eq!(photos.put_notice(&notice()).await.unwrap_err().kind, Kind::Permanent);
    assert_eq!(photos.put_change(&change()).await.unwrap_err().kind, Kind::Permanent);
    let others = SqsReportJobs::new(&stub.clients(), queues(None, Some(NOTICES), Some(CHANGES)));
    assert_eq!(others.put_photo(&photo()).await.unwrap_err().kind, Kind::Permanent);
    assert!(stub.asked().await.is_empty());
}

#[tokio::test]
async fn a_queue_that_refuses_is_an_error() {
    let stub = Stub::answering([error(403, "AccessDenied")]).await;
    let jobs = SqsReportJobs::new(&stub.clients(), queues(Some(PHOTOS), None, None));
    assert_eq!(jobs.put_photo(&photo()).await.unwrap_err().kind, Kind::Transient);
}
