namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>Lets one informer watch exactly the namespaces in which another one has objects.</summary>
internal static class NamespaceFollower
{
    /// <summary>Connects the two. A namespace is followed before its first object reaches any controller that subscribes later.</summary>
    public static void Connect(Informer leader, Informer follower) => leader.Subscribe(change =>
    {
        var name = change.Object.Key.Namespace;
        if (change.New is not null)
        {
            follower.Follow(name);
        }
        else if (leader.Cache.List(name).Count == 0)
        {
            follower.Unfollow(name);
        }
    });
}
