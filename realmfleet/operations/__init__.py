"""Operations of our own: with realmfleet/facts the only place that extends pyinfra."""
