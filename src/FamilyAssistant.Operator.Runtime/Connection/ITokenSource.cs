namespace FamilyAssistant.Operator.Runtime.Connection;

/// <summary>A bearer token that may change while the process runs.</summary>
public interface ITokenSource
{
    /// <summary>The current token.</summary>
    string Token { get; }

    /// <summary>The server refused the token: read it again before the next request.</summary>
    void Invalidate();
}

/// <summary>A token that never changes.</summary>
public sealed class StaticToken(string token) : ITokenSource
{
    /// <inheritdoc />
    public string Token { get; } = token;

    /// <inheritdoc />
    public void Invalidate()
    {
        // There is nowhere to read another one from.
    }
}

/// <summary>A token in a file that the kubelet renews (bound service account tokens live an hour); read at most once a minute.</summary>
public sealed class FileToken(string path, TimeProvider time) : ITokenSource
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private string? _token;
    private long _readAt;

    /// <inheritdoc />
    public string Token
    {
        get
        {
            lock (_gate)
            {
                if (_token is null || time.GetElapsedTime(_readAt) > MaxAge)
                {
                    _token = Read() ?? _token ?? throw new InvalidOperationException($"The service account token file {path} cannot be read.");
                    _readAt = time.GetTimestamp();
                }

                return _token;
            }
        }
    }

    /// <inheritdoc />
    public void Invalidate()
    {
        lock (_gate)
        {
            // Keep the old one in hand: while the file is being replaced it may be unreadable for a moment.
            _readAt = time.GetTimestamp() - (long)(MaxAge.TotalSeconds * 2 * time.TimestampFrequency);
        }
    }

    private string? Read()
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length == 0 ? null : text;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
