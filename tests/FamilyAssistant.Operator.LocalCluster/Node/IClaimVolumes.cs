namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>Folders behind persistent volumes.</summary>
internal interface IClaimVolumes
{
    /// <summary>The folder of a claim's volume on this machine; null while the claim does not exist or is not bound, in which case its pod waits.</summary>
    string? FolderOf(string @namespace, string claim);
}
