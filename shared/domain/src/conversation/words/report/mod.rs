//! What the account says about damage reports, one file a language.

pub(super) mod easy;
pub(super) mod en;
pub(super) mod ja;
mod typed;

use crate::report::Standing;

pub(in crate::conversation) use typed::typed_in_report;

super::wordbook! {
    /// The words of one language about damage reports.
    ReportWords {
        /// Button: report a damage.
        button_start,
        /// Button: go on with the report that was begun.
        button_resume,
        /// Button: no, it is not that urgent.
        button_go_on,
        /// Button: one step back.
        button_back,
        /// Button: give the report up.
        button_cancel,
        /// Button: I cannot answer this.
        button_unknown,
        /// Button: open the camera.
        button_camera,
        /// Button: open the photo album.
        button_album,
        /// Button: go on without a photo.
        button_no_photos,
        /// Button: these are all photos.
        button_photos_done,
        /// Button: take all photos out.
        button_photos_clear,
        /// Button: open the map to choose a place.
        button_location,
        /// Button: the place that stands in the photo is right.
        button_photo_place,
        /// Button: see that place on a map.
        button_photo_map,
        /// Button: nothing more to say.
        button_no_comment,
        /// Button: file it.
        button_send,
        /// Button: see the place on a map.
        button_map,
        /// Button: mend the kind.
        button_change_kind,
        /// Button: mend the answers to the kind's questions.
        button_change_answers,
        /// Button: mend the photos.
        button_change_photos,
        /// Button: mend the place.
        button_change_place,
        /// Button: mend the comment.
        button_change_comment,
        /// Button: how my reports stand.
        button_mine,
        /// Button: open the page on which a report is made with a map.
        button_pages,
        /// Button: open the page of a report.
        button_more,

        /// What the account can do with reports, in the help.
        help,
        /// A photo came that belongs to nothing.
        photo_alone,
        /// A place came that belongs to nothing.
        place_alone,

        /// Heading of the choice of a kind.
        kind_title,
        /// How to choose.
        kind_how,
        /// What belongs to a kind: {kind} {description}.
        kind_line,
        /// The town takes no reports.
        none,
        /// The kind of an old button is gone.
        kind_gone,
        /// Nothing of this kind is taken now: {kind} {why}.
        kind_closed,
        /// Heading of what must be told by telephone.
        urgent_title,
        /// What to do if it is not that.
        urgent_else,

        /// A typed answer is none of those that can be chosen.
        answer_choose,
        /// A typed answer is too long: {max}.
        answer_long,

        /// Asks for photos: {max}.
        photos_ask,
        /// Photos came: {count}, all that are there now.
        photos_got,
        /// More photos came than are taken: {max}.
        photos_full,
        /// Photos came before they were asked for: {count}, all that are there now.
        photos_added,
        /// All photos were taken out.
        photos_cleared,

        /// A photo came that the platform does not hold.
        photo_elsewhere,
        /// A video, a voice message or a file came: some phones send photos as files.
        no_photo,

        /// Asks for the place.
        place_ask,
        /// There is a place in a photo, to be looked at before it is taken.
        place_in_photo,
        /// A place came before it was asked for.
        place_got,
        /// A typed text is no pair of coordinates.
        place_unclear,
        /// The place is not in the town: {town}.
        place_outside,

        /// Asks for a comment: {max}.
        comment_ask,
        /// The comment is too long: {max}.
        comment_long,

        /// Heading of the summary.
        summary_title,
        /// What to do with it.
        summary_how,
        /// Name of a field: the kind.
        field_kind,
        /// Name of a field: the photos.
        field_photos,
        /// Name of a field: the place.
        field_place,
        /// Name of a field: the comment.
        field_comment,
        /// So many photos: {count}.
        photos_count,
        /// Value of a field that has none.
        nothing,
        /// Something is still missing before the report can be filed.
        missing,

        /// A report that was begun goes on.
        resumed,
        /// It was given up, and its photos are erased.
        cancelled,
        /// It was begun too long ago, and is forgotten.
        expired,
        /// The report of an old button is not there.
        gone,

        /// Heading after filing.
        filed_title,
        /// Name of a field: the report's number.
        field_number,
        /// What happens next.
        filed_next,
        /// It had been filed before: {number}.
        filed_before,

        /// Heading of one's own reports.
        mine_title,
        /// There are none.
        mine_none,
        /// Name of a field: when it was filed.
        field_filed,
        /// Name of a field: what staff answered.
        field_answer,
        /// 受付
        state_received,
        /// 確認中
        state_checking,
        /// 対応中
        state_working,
        /// 完了
        state_done,
        /// 対応しない
        state_declined,
        /// 重複
        state_duplicate,

        /// A report stands elsewhere now: {report} {state}.
        told_state,
        /// It was closed, and somebody looks at it again: {report}.
        told_reopened,
        /// The town will not mend it; why follows: {report}.
        told_declined,
        /// It was put under another one: {report} {other}.
        told_duplicate,
        /// Staff answered, and the answer follows: {report}.
        told_answer,
        /// What staff wrote beside: {answer}.
        told_beside,
    }
}

impl ReportWords {
    /// Where a report stands, as residents read it.
    pub(in crate::conversation) fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Received => self.state_received,
            Standing::Checking => self.state_checking,
            Standing::Working => self.state_working,
            Standing::Done => self.state_done,
            Standing::Declined => self.state_declined,
            Standing::Duplicate => self.state_duplicate,
        }
    }
}
