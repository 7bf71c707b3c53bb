using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Whom the bot of an instance would serve, and where that is written. One decision for all who need it: what is checked, what the pod gets, and what status says must agree.</summary>
internal abstract record ServedUsers
{
    private ServedUsers()
    {
    }

    /// <summary><c>spec.telegram.allowedUsers</c>, which wins over every list in the Secret.</summary>
    internal sealed record FromSpec(ImmutableArray<long> Ids) : ServedUsers;

    /// <summary>A list in the Secret of <c>spec.secretRef</c>.</summary>
    /// <param name="Key"><c>ALLOWED_USER_IDS</c>, or its alias.</param>
    /// <param name="List">The list; its ids are the Secret's and are shown nowhere.</param>
    internal sealed record FromSecret(string Key, UserList.WellFormed List) : ServedUsers;

    /// <summary>Every Telegram user, as <c>spec.telegram.allowAnyone</c> says.</summary>
    internal sealed record Anyone : ServedUsers;

    /// <summary>No list at all, and nobody said that everybody should be served.</summary>
    internal sealed record Nobody : ServedUsers;

    /// <summary>A list that the application would not follow as it is meant: it would serve others, or everybody.</summary>
    /// <param name="Key">The key of the Secret that is to blame.</param>
    /// <param name="Fault">What is wrong, as the end of a sentence that begins with the key, and then the remedy; never a value.</param>
    internal sealed record Unclear(string Key, string Fault) : ServedUsers;

    /// <summary>The decision. Whether there is a token at all, and so anybody is served, is another question.</summary>
    public static ServedUsers Of(TelegramSpec? telegram, IReadOnlyDictionary<string, byte[]>? secret)
    {
        if (telegram?.AllowedUsers is { Count: > 0 } users)
        {
            return new FromSpec([.. users.Select(static user => user.Id)]);
        }

        var first = Read(secret, AppContract.AllowedUsers);
        var alias = Read(secret, AppContract.AllowedUsersAlias);
        return (first, alias) switch
        {
            (UserList.Malformed(var fault), _) => Ignored(AppContract.AllowedUsers, fault),
            (null, UserList.Malformed(var fault)) => Ignored(AppContract.AllowedUsersAlias, fault),
            (UserList.WellFormed list, null or UserList.Empty) => new FromSecret(AppContract.AllowedUsers, list),
            (UserList.WellFormed list, UserList.WellFormed same) when list.HasSameUsersAs(same) => new FromSecret(AppContract.AllowedUsers, list),
            (null, UserList.WellFormed list) => new FromSecret(AppContract.AllowedUsersAlias, list),
            (not null, not null and not UserList.Empty) => Shadowed(first is UserList.Empty),
            _ => telegram is { AllowAnyone: true } ? new Anyone() : new Nobody(),
        };
    }

    private static UserList? Read(IReadOnlyDictionary<string, byte[]>? secret, string key) => DataOf.ValueOf(secret, key) is { } value ? UserList.Parse(value) : null;

    private static Unclear Ignored(string key, string fault) =>
        new(key, $"{fault}. The application would ignore it and serve every Telegram user. Correct it, or remove the key and list the users under spec.telegram.allowedUsers");

    private static Unclear Shadowed(bool winnerIsEmpty) => new(
        AppContract.AllowedUsersAlias,
        (winnerIsEmpty
            ? $"is not read, because {AppContract.AllowedUsers} is there too, and that is empty: the application would serve every Telegram user."
            : $"is not read, because {AppContract.AllowedUsers} is there too, and the two lists differ: the application would serve only those of the other list.")
        + " Remove one of the two keys, or both and list the users under spec.telegram.allowedUsers");
}
