using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Images;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>The image of the database has what Jobs use of the official one, for a user without a name, rights or a writable root.</summary>
public sealed class BackupImageTests(ClusterFixture fixture)
{
    [Theory]
    [InlineData("pg15")]
    [InlineData("pg17")]
    public async Task Its_tools_work_in_a_restricted_pod(string tag)
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "tools", $$$"""
            restartPolicy: Never
            automountServiceAccountToken: false
            securityContext: {runAsUser: 1001, runAsGroup: 1001, fsGroup: 1001, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
            containers:
            - name: main
              image: pgvector/pgvector:{{{tag}}}
              command: [bash, -euo, pipefail, -c]
              args:
              - |
                for tool in pg_dump pg_restore psql initdb postgres pg_ctl gpg tar openssl perl sha256sum sync; do command -v "$tool" >/dev/null || echo "no $tool"; done
                id -u; touch /x 2>/dev/null || echo read-only
                printf 'secret\nwith lines' > /scratch/plain
                export GNUPGHOME=/tmp/gnupg; mkdir -m 700 "$GNUPGHOME"
                printf 'pass phrase' > /scratch/passphrase
                gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase-file /scratch/passphrase --symmetric --cipher-algo AES256 -o /scratch/sealed.gpg /scratch/plain
                gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase-file /scratch/passphrase --decrypt /scratch/sealed.gpg | cmp - /scratch/plain && echo opened
                printf wrong > /scratch/wrong
                gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase-file /scratch/wrong --decrypt /scratch/sealed.gpg >/dev/null 2>&1 || echo refused
                tar -C /scratch -cf /scratch/files.tar plain && tar -tf /scratch/files.tar
                openssl enc -aes-256-cbc -pbkdf2 -pass file:/scratch/passphrase -in /scratch/plain | openssl enc -d -aes-256-cbc -pbkdf2 -pass file:/scratch/passphrase | cmp - /scratch/plain && echo sealed
                printf 'postgres:x:%s:%s::/tmp:/bin/false\n' "$(id -u)" "$(id -g)" > /tmp/passwd; printf 'postgres:x:%s:\n' "$(id -g)" > /tmp/group
                export NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group LD_PRELOAD=libnss_wrapper.so
                initdb --pgdata=/scratch/server --username=postgres --auth=trust --no-sync --encoding=UTF8 --locale=C.UTF-8 >/dev/null
                pg_ctl --pgdata=/scratch/server --wait --silent --log=/scratch/server.log start -o "-c listen_addresses='' -k /scratch -c fsync=off"
                export PGHOST=/scratch PGUSER=postgres PGDATABASE=postgres
                psql -qXAt -c "CREATE EXTENSION vector" -c "CREATE TABLE t AS SELECT n, '[1,2]'::vector AS v FROM generate_series(1, 100) n"
                pg_dump --format=custom --compress=9 --no-password -f /scratch/database.dump
                pg_restore -f /dev/null /scratch/database.dump
                psql -qXAt -c "CREATE DATABASE again"
                pg_restore --exit-on-error -d again /scratch/database.dump
                psql -qXAt -d again -c "SELECT count(*), max(v::text) FROM t"
                pg_ctl --pgdata=/scratch/server --wait --silent --mode=fast stop
              securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
              volumeMounts: [{name: tmp, mountPath: /tmp}, {name: scratch, mountPath: /scratch}]
            volumes: [{name: tmp, emptyDir: {}}, {name: scratch, emptyDir: {}}]
            """);

        var lines = await pod.OutputAsync();

        lines.ShouldBe([Environment.IsPrivilegedProcess ? "1001" : lines[0], "read-only", "opened", "refused", "plain", "sealed", "100|[1,2]"]);
        StandInTools.PostgresMajor.ShouldBeGreaterThanOrEqualTo(15);
    }
}
