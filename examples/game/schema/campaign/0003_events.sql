-- What happened, for analysts. A hypertable: a day's chunk is dropped in an instant.
-- No foreign key: history may outlive what it tells about.
create table events (
    happened_at timestamptz not null default now(),
    kind text not null,
    character bigint not null,
    zone text not null,
    score bigint not null
);
select create_hypertable('events', 'happened_at', chunk_time_interval => interval '1 day');
create index events_character on events (character, happened_at desc);
