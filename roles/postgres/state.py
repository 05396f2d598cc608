"""What a cluster is like, as one query answers it in each database, and as it is compared."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

State = Mapping[str, Any]

# Passwords leave the server only as a hash of their verifier.
QUERY = """
with granted as (
    select 'relation' as kind, c.oid, n.nspname, c.relname as name,
        case c.relkind when 'S' then 'SEQUENCE' else 'TABLE' end as type, c.relacl as acl
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and n.nspname !~ '^(pg_|_timescaledb|timescaledb|information_schema)'
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
), explode as (
    select kind, oid, coalesce(nullif(a.grantee, 0)::regrole::text, 'public') as grantee,
        array_agg(a.privilege_type order by a.privilege_type) as privileges
    from granted cross join aclexplode(acl) a group by kind, oid, a.grantee
)
select json_build_object(
    'roles', (select json_object_agg(rolname, json_build_object(
        'login', rolcanlogin, 'replication', rolreplication, 'limit', rolconnlimit,
        'powers', rolsuper or rolcreatedb or rolcreaterole or rolbypassrls,
        'verifier', encode(sha256(convert_to(coalesce(rolpassword, ''), 'UTF8')), 'hex'),
        'member_of', (select coalesce(json_agg(r.rolname order by r.rolname), '[]')
            from pg_auth_members m join pg_roles r on r.oid = m.roleid where m.member = a.oid),
        'settings', (select coalesce(json_agg(line order by line), '[]')
            from pg_db_role_setting s, unnest(s.setconfig) line
            where s.setrole = a.oid and s.setdatabase = 0)))
        from pg_authid a where rolname !~ '^pg_'),
    'databases', (select json_object_agg(datname, json_build_object(
        'owner', datdba::regrole::text,
        'acl', (select coalesce(json_object_agg(grantee, privileges), '{}') from (
            select coalesce(nullif(x.grantee, 0)::regrole::text, 'public') as grantee,
                array_agg(x.privilege_type order by x.privilege_type) as privileges
            from aclexplode(coalesce(datacl, acldefault('d', datdba))) x group by x.grantee) g),
        'settings', (select coalesce(json_agg(line order by line), '[]')
            from pg_db_role_setting s, unnest(s.setconfig) line
            where s.setdatabase = d.oid and s.setrole = 0)))
        from pg_database d where not datistemplate),
    'extensions', (select json_agg(extname) from pg_extension),
    'schemas', (select json_object_agg(nspname, json_build_object(
        'owner', nspowner::regrole::text,
        'acl', (select coalesce(json_object_agg(grantee, privileges), '{}') from (
            select coalesce(nullif(x.grantee, 0)::regrole::text, 'public') as grantee,
                array_agg(x.privilege_type order by x.privilege_type) as privileges
            from aclexplode(coalesce(nspacl, acldefault('n', nspowner))) x group by x.grantee) g)))
        from pg_namespace where nspname !~ '^(pg_|_timescaledb|timescaledb|information_schema)'),
    'relations', (select coalesce(json_agg(json_build_object(
        'schema', nspname, 'name', name, 'type', type,
        'acl', (select coalesce(json_object_agg(grantee, privileges), '{}')
            from explode e where e.oid = g.oid))), '[]') from granted g),
    'defaults', (select coalesce(json_agg(json_build_object(
        'owner', d.defaclrole::regrole::text, 'schema', n.nspname,
        'type', case d.defaclobjtype when 'S' then 'SEQUENCE' when 'r' then 'TABLE' else '' end,
        'acl', (select coalesce(json_object_agg(grantee, privileges), '{}') from (
            select coalesce(nullif(x.grantee, 0)::regrole::text, 'public') as grantee,
                array_agg(x.privilege_type order by x.privilege_type) as privileges
            from aclexplode(d.defaclacl) x group by x.grantee) g))), '[]')
        from pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace)
)
"""


def digest(verifier: str) -> str:
    """A verifier as the query shows it."""
    return sha256(verifier.encode()).hexdigest()


def privileges(entry: State, grantee: str) -> set[str]:
    """What a grantee holds on an object of the state."""
    return set(entry["acl"].get(grantee, ()))
