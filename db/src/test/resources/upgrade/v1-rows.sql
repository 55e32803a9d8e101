-- An installation as the first version may have left it: of everything something, and operations in the middle.
INSERT INTO users (id, username, email, password_hash, role, status, last_login_at) OVERRIDING SYSTEM VALUE VALUES
    (1, 'Ann', 'ann@example.com', '$2a$10$hash', 'admin', 'active', '2026-01-02 03:04:05.678901+00'),
    (2, 'bob', 'bob@example.com', '$2a$10$hash', 'user', 'inactive', NULL);
SELECT setval(pg_get_serial_sequence('users', 'id'), 2);
INSERT INTO ssh_keys (user_id, name, key_type, public_key, fingerprint) VALUES (1, 'laptop', 'ssh-ed25519', 'AAAA', 'SHA256:x');
INSERT INTO personal_tokens (user_id, name, token_hash, scopes) VALUES (1, 'ci', 'hash', '{environments:read}');
INSERT INTO revoked_tokens (jti, expires_at) VALUES ('00000000-0000-0000-0000-00000000000f', '2030-01-01');
INSERT INTO login_failures (subject, failures, locked_until) VALUES ('bob', 3, '2026-01-01');
INSERT INTO resource_quotas (user_id, cpu, memory, gpu, storage, environment_quota)
    VALUES (1, 32, 137438953472, 8, 1099511627776, 10);

INSERT INTO hosts (id, name, ip_address, bind_address, deployment_modes, status, total_cpu, total_memory, port_min, port_max, facts, token_hash, last_heartbeat) VALUES
    ('h1', 'the busy one', '10.0.0.1', NULL, '{docker}', 'active', 32, 137438953472, 22000, 22099, '{"docker": "29.0"}', 'h1-hash', '2026-01-02'),
    ('h2', 'being emptied', '10.0.0.2', '0.0.0.0', '{docker,k8s}', 'draining', 16, 68719476736, 22000, 22099, '{}', NULL, NULL),
    ('h3', 'gone', '10.0.0.3', NULL, '{docker}', 'lost', 16, 68719476736, 22000, 22099, '{}', NULL, '2025-01-01'),
    ('h4', 'new', '10.0.0.4', NULL, '{}', 'pending', 0, 0, 22000, 29999, '{}', NULL, NULL);
INSERT INTO gpus (id, host_id, gpu_index, uuid, model, memory, link_group, reported) OVERRIDING SYSTEM VALUE
    SELECT 1 + i, 'h1', i, 'GPU-' || i, 'NVIDIA H100', 85899345920, i / 2, true FROM generate_series(0, 3) i;
INSERT INTO gpus (id, host_id, gpu_index, model, memory, status, status_reason) OVERRIDING SYSTEM VALUE
    VALUES (5, 'h2', 0, 'NVIDIA A10', 25769803776, 'error', 'XID 79');
SELECT setval(pg_get_serial_sequence('gpus', 'id'), 5);

INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu, storage, env, gpu_model,
    requested_host_id, idle_timeout_seconds, priority, status, host_id, has_data, failure_code, failure_reason, unreturned,
    started_at, stopped_at, deleted_at) VALUES
    ('00000000-0000-0000-0000-000000000001', 1, 'runs', 'ide', 'docker', 'remotegpu/ide', 4, 8589934592, 2, 10737418240,
        '{"A": "ä \" ''"}', 'nvidia h100', NULL, 7200, 3, 'running', 'h1', true, NULL, NULL, '{}', '2026-01-01', NULL, NULL),
    ('00000000-0000-0000-0000-000000000002', 1, 'rests', 'terminal', 'docker', 'remotegpu/terminal', 2, 4294967296, 1, 1073741824,
        '{}', NULL, 'h1', NULL, 0, 'stopped', 'h1', true, NULL, NULL, '{}', '2026-01-01', '2026-01-02', NULL),
    ('00000000-0000-0000-0000-000000000003', 2, 'refused', 'terminal', 'docker', 'no/such', 1, 1073741824, 0, 1073741824,
        '{}', NULL, NULL, NULL, 0, 'failed', NULL, false, 'image_not_found', 'there is no such image', '{}', NULL, NULL, NULL),
    ('00000000-0000-0000-0000-000000000004', 2, 'is made', 'terminal', 'docker', 'remotegpu/terminal', 1, 1073741824, 1, 1073741824,
        '{}', NULL, NULL, NULL, 0, 'creating', 'h1', false, NULL, NULL, '{}', NULL, NULL, NULL),
    ('00000000-0000-0000-0000-000000000005', 1, 'goes', 'terminal', 'docker', 'remotegpu/terminal', 1, 1073741824, 0, 1073741824,
        '{}', NULL, NULL, NULL, 0, 'deleting', 'h2', true, NULL, NULL, '{}', '2026-01-01', NULL, NULL),
    ('00000000-0000-0000-0000-000000000006', 1, 'Runs', 'desktop', 'docker', 'remotegpu/desktop', 1, 1073741824, 1, 1073741824,
        '{}', NULL, NULL, NULL, 0, 'deleted', 'h1', false, NULL, NULL, '{}', '2025-12-01', NULL, '2025-12-02');
INSERT INTO operations (id, environment_id, kind, step, outcome, requested_by, status_before, started_at, ended_at) VALUES
    ('create-1', '00000000-0000-0000-0000-000000000001', 'create', 'deploy', 'succeeded', 'Ann', NULL, '2026-01-01', '2026-01-01'),
    ('stop-2', '00000000-0000-0000-0000-000000000002', 'stop', 'release', 'succeeded', 'Ann', 'running', '2026-01-02', '2026-01-02'),
    ('create-3', '00000000-0000-0000-0000-000000000003', 'create', 'deploy', 'failed', 'bob', NULL, '2026-01-01', '2026-01-01'),
    ('create-4', '00000000-0000-0000-0000-000000000004', 'create', 'deploy', NULL, 'bob', NULL, '2026-01-03', NULL),
    ('delete-5', '00000000-0000-0000-0000-000000000005', 'delete', 'remove', NULL, 'Ann', 'running', '2026-01-03', NULL),
    ('delete-6', '00000000-0000-0000-0000-000000000006', 'delete', 'release', 'succeeded', 'Ann', 'running', '2025-12-02', '2025-12-02');
INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
    SELECT environment_id, id, kind, 'started', 'asked for by ' || requested_by FROM operations;
INSERT INTO environment_secrets (environment_id, name, ciphertext)
    VALUES ('00000000-0000-0000-0000-000000000001', 'jupyter_token', '\x0102');

INSERT INTO reservations (environment_id, user_id, cpu, memory, gpu, storage, compute_held)
    SELECT id, user_id, cpu, memory, gpu, storage, status <> 'stopped' FROM environments WHERE status NOT IN ('deleted', 'failed');
INSERT INTO allocations (environment_id, host_id, cpu, memory, allocated_at, released_at)
    SELECT id, host_id, cpu, memory, '2026-01-01', CASE WHEN status IN ('stopped', 'deleted') THEN timestamptz '2026-01-02' END
    FROM environments WHERE host_id IS NOT NULL ORDER BY id;
INSERT INTO gpu_allocations (gpu_id, model, allocation_id, released_at)
    SELECT held.gpu, 'NVIDIA H100', a.id, a.released_at
    FROM (VALUES (1, '1'), (2, '1'), (3, '2'), (3, '4'), (4, '6')) AS held (gpu, environment)
        JOIN allocations a ON right(a.environment_id::text, 1) = held.environment;
UPDATE gpus SET status = 'allocated', allocated_to = '00000000-0000-0000-0000-000000000001' WHERE id IN (1, 2);
UPDATE gpus SET status = 'allocated', allocated_to = '00000000-0000-0000-0000-000000000004' WHERE id = 3;
INSERT INTO port_leases (host_id, port, environment_id, service) VALUES
    ('h1', 22000, '00000000-0000-0000-0000-000000000001', 'ssh'),
    ('h1', 22001, '00000000-0000-0000-0000-000000000001', 'jupyter'),
    ('h1', 22002, '00000000-0000-0000-0000-000000000002', 'ssh'),
    ('h1', 22003, '00000000-0000-0000-0000-000000000004', 'ssh'),
    ('h2', 22000, '00000000-0000-0000-0000-000000000005', 'ssh');
INSERT INTO ports_set_aside (host_id, port, until) VALUES ('h1', 22004, '2030-01-01');
INSERT INTO audit_log (actor, address, action, subject, outcome, request_id)
    VALUES ('Ann', '10.1.1.1', 'POST /api/v1/environments', '00000000-0000-0000-0000-000000000001', 202, 'r-1');
