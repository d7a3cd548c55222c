//! Stories on the city in memory: what residents get and what is kept, whatever is doubled, lost or dies half-way.

mod inbox;
