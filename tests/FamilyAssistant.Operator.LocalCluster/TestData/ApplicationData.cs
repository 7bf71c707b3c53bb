using System.Globalization;
using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.TestData;

/// <summary>
/// Rows as a family's assistant has them after a while: mostly messages and embeddings, some mail, notes, documents and attachments. The same size and seed give the same
/// rows everywhere, also at the next revision of the application; text compresses as text does, embeddings do not.
/// </summary>
public static class ApplicationData
{
    private const int BytesOfText = 1600;
    private const int BytesOfEmbedding = 8300;
    private const int ChunksOfDocument = 8;

    /// <summary>Adds about so many MiB (of tables on disk) to a database that has the application's tables; some 20 MiB a second.</summary>
    /// <param name="connectionString">Of the database, as the owner of its tables.</param>
    /// <param name="mebibytes">How much, from 0; a few rows are in every table at least.</param>
    /// <param name="seed">Another seed gives other rows, also beside those of the first.</param>
    /// <param name="cancellation">Ends it; what a table got by then is undone.</param>
    public static async Task FillAsync(string connectionString, int mebibytes, int seed = 1, CancellationToken cancellation = default)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await RunAsync(connection, "CREATE TEMP TABLE pool_text (n int PRIMARY KEY, p text); CREATE TEMP TABLE pool_vector (n int PRIMARY KEY, v vector); SET TimeZone = 'UTC'", cancellation);
        var random = new Random(seed);
        var words = new Words(random);
        int texts = Math.Clamp(mebibytes * 16, 64, 4096), vectors = Math.Clamp(mebibytes, 16, 512);
        await CopyAsync(connection, "pool_text", texts, _ => words.Paragraph(), cancellation);
        await CopyAsync(connection, "pool_vector", vectors, _ => Vector(random), cancellation);
        foreach (var statement in Statements(new Counts(mebibytes), seed, texts, vectors))
        {
            await RunAsync(connection, statement, cancellation);
        }
    }

    /// <summary>One for each table that is there at the database's revision.</summary>
    private static IEnumerable<string> Statements(Counts counts, int seed, int texts, int vectors)
    {
        string Text(string part) => $"(SELECT p FROM pool_text WHERE n = 1 + (hashint8extended(i, {seed}{part}) & 2147483647) % {texts})";
        string Vector(string part) => $"(SELECT v FROM pool_vector WHERE n = 1 + (hashint8extended(e.i, {seed}{part}) & 2147483647) % {vectors})";
        string Series(long count) => $"generate_series(1, {count}::bigint) i";
        const string Time = "timestamptz '2025-01-01 00:00:00+00' + i * interval '37 seconds'";

        yield return $"INSERT INTO notes (title, content, created_at) SELECT 'Note ' || i || ' of {seed}: größere Einkäufe 🛒', {Text("1")} || E'\\n\\n' || {Text("2")} || E'\\n- ' || {Text("3")}, {Time} FROM {Series(counts.Notes)}";
        yield return $"INSERT INTO message_history (conversation_id, role, content, timestamp) SELECT (100000 + i % 7)::text, (ARRAY['user','assistant','tool'])[1 + i % 3], {Text("1")} || E'\\n\\n' || {Text("2")}, {Time} FROM {Series(counts.Messages)}";
        yield return $"INSERT INTO received_emails (sender_address, subject, body_plain, received_at) SELECT 'sender' || i % 50 || '@example.com', 'Re: ' || left({Text("4")}, 40), {Text("1")} || E'\\r\\n' || {Text("2")}, {Time} FROM {Series(counts.Mails)}";
        yield return $"INSERT INTO documents (source_type, source_id, title, added_at) SELECT 'upload', 'test-{seed}-' || i, 'Document ' || i || '.pdf', {Time} FROM {Series(counts.Documents)}";
        yield return $"""
            INSERT INTO document_embeddings (document_id, chunk_index, embedding_model, embedding)
            SELECT e.id, e.chunk, 'gemini/gemini-embedding-001', {Vector("1")} + {Vector("2")}
            FROM (SELECT d.id, c AS chunk, substring(d.source_id FROM '[0-9]+$')::bigint * {ChunksOfDocument} + c AS i
                  FROM documents d CROSS JOIN generate_series(1, {ChunksOfDocument}) c WHERE d.source_id LIKE 'test-{seed}-%') e
            """;
        yield return $"INSERT INTO tasks (task_id, task_type, status) SELECT 'task-{seed}-' || i, 'reminder', 'done' FROM {Series(50)}";
        yield return $"INSERT INTO event_listeners (name, source_id, match_conditions) SELECT 'listener {seed}-' || i, 'home_assistant', jsonb_build_object('entity_id', 'light.' || i) FROM {Series(5)}";
        yield return $"INSERT INTO api_tokens (name, hashed_token) SELECT 'token ' || i, md5('{seed}-' || i) FROM {Series(2)}";
        yield return $"INSERT INTO error_logs (timestamp, level, message) SELECT {Time}, 'ERROR', {Text("1")} FROM {Series(20)}";
        yield return IfThere("attachment_metadata", $"INSERT INTO attachment_metadata (attachment_id, source_type, storage_path, size) SELECT md5('{seed}-' || i), 'user', '/mnt/data/chat_attachments/' || md5('{seed}-' || i), i FROM {Series(counts.Attachments)}");
        yield return IfThere("schedule_automations", $"INSERT INTO schedule_automations (name, recurrence_rule) SELECT 'automation {seed}-' || i, 'FREQ=DAILY;BYHOUR=' || i FROM {Series(3)}");
        yield return IfThere("push_subscriptions", $"INSERT INTO push_subscriptions (user_identifier, subscription) SELECT 'user-{seed}-' || i, json_build_object('endpoint', 'https://push.example.com/' || i) FROM {Series(3)}");
    }

    private static string IfThere(string table, string statement) => $"DO $do$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN {statement}; END IF; END $do$";

    private static async Task CopyAsync(NpgsqlConnection connection, string table, int count, Func<int, string> text, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN", cancellation);
        for (var n = 1; n <= count; n++)
        {
            await copy.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{n}\t{text(n)}\n"));
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Vector(Random random) =>
        $"[{string.Join(',', Enumerable.Range(0, 1536).Select(_ => (random.NextSingle() - 0.5f).ToString("0.000000", CultureInfo.InvariantCulture)))}]";

    private readonly record struct Counts(long Notes, long Messages, long Mails, long Documents, long Attachments)
    {
        public Counts(int mebibytes)
            : this(0, 0, 0, 0, 0)
        {
            var bytes = (long)mebibytes << 20;
            Notes = 5 + (bytes * 3 / 100 / BytesOfText);
            Messages = 20 + (bytes * 45 / 100 / BytesOfText);
            Mails = 5 + (bytes * 10 / 100 / BytesOfText);
            Documents = 1 + (bytes * 42 / 100 / BytesOfEmbedding / ChunksOfDocument);
            Attachments = 3 + (Messages / 20);
        }
    }

    /// <summary>A language in which few words are said often and many seldom.</summary>
    private sealed class Words(Random random)
    {
        private static readonly string[] Syllables = ["an", "be", "co", "du", "en", "fa", "gi", "hö", "in", "ka", "lo", "mi", "ne", "or", "pu", "ra", "se", "ti", "ub", "vo", "wä", "xi", "ye", "zu"];
        private readonly string[] _words = [.. Enumerable.Range(0, 6000).Select(_ => string.Concat(Enumerable.Range(0, 2 + random.Next(3)).Select(_ => Syllables[random.Next(Syllables.Length)])))];

        public string Paragraph() => string.Join(' ', Enumerable.Range(0, 95 + random.Next(20)).Select(_ => _words[(int)(_words.Length * Math.Pow(random.NextDouble(), 2.2))])) + ".";
    }
}
