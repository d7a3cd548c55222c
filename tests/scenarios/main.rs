//! Stories on the city in memory: what residents get and what is kept, whatever is doubled, lost or dies half-way.

#![expect(clippy::unwrap_used, reason = "a story stops at the first surprise")]

mod after;
mod approval;
mod audit;
mod checkup;
mod console;
mod correlation;
mod followers;
mod garbage_month;
mod inbox;
mod login;
mod outage;
mod personal;
mod phone;
mod photos;
mod portal;
mod portal_calendar;
mod portal_filing;
mod portal_public;
mod portal_reports;
mod quota;
mod reminders;
mod reminders_late;
mod report_desk;
mod report_erase;
mod report_find;
mod report_links;
mod report_notice;
mod report_relay;
mod report_release;
mod reports;
mod residents;
mod sending;
mod sending_rules;
mod staff;
mod trial;
