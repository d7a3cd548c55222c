//! A broadcast in the table of [`Aws`](crate::aws::Aws), and the functions that freeze and send it.

use std::sync::Arc;

use app::ports::broadcasts::{Broadcasts, FrozenParts, PartKey, SendingQueues};
use app::ports::{Clock, Messages};
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::clock::SystemClock;
use aws::frozen::S3FrozenParts;
use aws::sending_queues::{LaneUrls, SqsSendingQueues};
use domain::broadcast::audience::Audience;
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, Reach, State, UNDO};
use domain::language::Language;
use domain::sending::frozen::PackedId;
use domain::sending::plan::{Plan, Variant};
use domain::text::hex;
use sha2::{Digest, Sha256};

use crate::Failure;
use crate::aws::{Aws, clients_at};
use crate::function::StandIn;
use crate::lambda::{parts_of, runs_of, url_of};
use crate::office::{draft, id, messages};
use crate::residents::Residents;

/// Its number; no other benchmark on the same simulator uses it.
pub(crate) const NUMBER: u32 = 900_000;

/// An AWS with these residents, and in it an emergency that goes at this moment to this audience in so many parts.
pub(crate) async fn approved(ids: Vec<PackedId>, audience: Audience, parts: u16) -> Result<Arc<Aws>, Failure> {
    let aws = Aws::new(Residents::new(ids).await?);
    let stand_in = StandIn::start(aws.router()).await?;
    let clients = clients_at(&stand_in.address);
    let words = Messages(messages(NUMBER));
    let digest = hex(&Sha256::digest(&words.0));
    S3FrozenParts::new(&clients, "media".to_owned()).keep_words(&id(NUMBER)?, &digest, &words).await?;
    let plan = Plan { parts, variants: vec![Variant::new(Language::Japanese, digest)] };
    let draft = Draft { audience, ..draft(NUMBER, Lane::Emergency)? };
    let mut broadcast = Broadcast::new(id(NUMBER)?, draft, Earnest::Real, Origin::Staff, "a".parse()?);
    // Long enough ago that nobody can take it back any more.
    let then = SystemClock.now() - UNDO;
    let residents = u64::try_from(aws.residents().len())?;
    broadcast.ask(&"a".parse()?, Reach { reached: residents, capped: 0, followers: residents }, then)?;
    broadcast.approve(&"b".parse()?, plan, then, then)?;
    let State::Approved { .. } = broadcast.state else { return Err("it is not approved".into()) };
    TableBroadcasts::new(Table::new(&clients, "kairan".to_owned())).put(&broadcast, None, None).await?;
    let urls = |of: fn(Lane) -> &'static str| LaneUrls {
        emergency: url_of(of(Lane::Emergency)),
        routine: url_of(of(Lane::Routine)),
    };
    let queues = SqsSendingQueues::new(&clients, Some(urls(parts_of)), Some(urls(runs_of)));
    let key = |part| Ok(PartKey { broadcast: id(NUMBER)?, lane: Lane::Emergency, part });
    let keys: Vec<_> = (0..parts).map(key).collect::<Result<_, Failure>>()?;
    queues.ask_to_freeze(&keys, 0).await?;
    Ok(aws)
}
