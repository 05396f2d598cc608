-- The newest state of each character, written over at every save: room in each page keeps
-- updates on it, without new index entries. seq is a clock in milliseconds.
create table saves (
    character bigint primary key references characters,
    seq bigint not null check (seq > 0),
    zone text not null,
    x double precision not null,
    y double precision not null,
    score bigint not null,
    saved_at timestamptz not null default now()
) with (fillfactor = 70);

-- One row for every save that was committed: a count here proves that none was lost.
-- A hypertable, so that old days are dropped in an instant.
create table save_log (
    saved_at timestamptz not null default now(),
    character bigint not null,
    seq bigint not null
);
select create_hypertable('save_log', 'saved_at', chunk_time_interval => interval '1 day');
create index save_log_character on save_log (character, seq);
