-- Players and their characters. Tables are made by the owner of the database; what the API may
-- do with them follows from default privileges.
create table players (
    id bigint generated always as identity primary key,
    name text not null,
    password text not null, -- argon2id with its parameters and salt
    created_at timestamptz not null default now()
);
create unique index players_name on players (lower(name));

create table characters (
    id bigint generated always as identity primary key,
    player bigint not null references players,
    name text not null,
    created_at timestamptz not null default now()
);
create unique index characters_name on characters (lower(name));
create index characters_player on characters (player);
