namespace FamilyAssistant.Operator.CrdGenerator;

/// <summary>The records cannot become a schema; the message says which member and why.</summary>
public sealed class GeneratorException(string message) : Exception(message);
