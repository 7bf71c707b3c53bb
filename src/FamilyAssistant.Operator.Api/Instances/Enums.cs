using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>When a node pulls an image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImagePullPolicy>))]
public enum ImagePullPolicy
{
    /// <summary>Only when it is absent.</summary>
    IfNotPresent,

    /// <summary>At every start.</summary>
    Always,

    /// <summary>Never; it must be there.</summary>
    Never,
}

/// <summary>Fate of the volumes when their instance is deleted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeletionPolicy>))]
public enum DeletionPolicy
{
    /// <summary>They stay and a later instance of the same name takes them up again.</summary>
    Retain,

    /// <summary>They are deleted with the instance.</summary>
    Delete,
}

/// <summary>Transport security towards an external database, named as libpq's <c>sslmode</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SslMode>))]
public enum SslMode
{
    /// <summary>Encrypted; the certificate is not verified.</summary>
    Require,

    /// <summary>Encrypted when the server offers it.</summary>
    Prefer,

    /// <summary>Never encrypted.</summary>
    Disable,
}

/// <summary>Access mode of the data volume.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeAccessMode>))]
public enum VolumeAccessMode
{
    /// <summary>Mounted by one node.</summary>
    ReadWriteOnce,

    /// <summary>Mounted by one pod.</summary>
    ReadWriteOncePod,

    /// <summary>Mounted by many nodes.</summary>
    ReadWriteMany,
}
