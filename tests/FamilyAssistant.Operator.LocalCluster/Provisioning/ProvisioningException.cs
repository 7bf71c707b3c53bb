namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Something this machine lacks could not be got; the message says what a person can do.</summary>
public sealed class ProvisioningException(string message, Exception? inner = null) : Exception(message, inner);
