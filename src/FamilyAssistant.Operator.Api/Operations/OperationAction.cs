using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.Api.Operations;

/// <summary>What an operation does. See docs/operations.md.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationAction>))]
public enum OperationAction
{
    /// <summary>Replaces each pod of the application once, one after the other.</summary>
    Restart,

    /// <summary>Stops every pod of the application, waits until the last one is gone, and starts them again.</summary>
    StopStart,

    /// <summary>Makes the generated Web Push keys anew, which ends every push subscription, and replaces the pods.</summary>
    RotateVapidKeys,

    /// <summary>Makes the generated session secret anew, which ends every session of the web interface, and replaces the pods.</summary>
    RotateSessionSecret,
}
