namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>A container cannot be made of what its pod asks for, now; the message is a kubelet's.</summary>
internal sealed class ContainerConfigException(string message) : Exception(message);
