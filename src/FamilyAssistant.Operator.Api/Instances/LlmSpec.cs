using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>Language and embedding models; provider keys belong into <c>secretRef</c>.</summary>
public sealed record LlmSpec
{
    /// <summary>Model that answers (<c>LLM_MODEL</c>), for example <c>openrouter/google/gemini-2.5-pro</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 256, Pattern = Patterns.ModelName)]
    public string? Model { get; init; }

    /// <summary>Model that embeds documents (<c>EMBEDDING_MODEL</c>).</summary>
    [Schema(MinLength = 1, MaxLength = 256, Pattern = Patterns.ModelName)]
    public string? EmbeddingModel { get; init; }

    /// <summary>Length of an embedding vector (<c>EMBEDDING_DIMENSIONS</c>); pgvector stores at most 16000.</summary>
    [Schema(Minimum = 1, Maximum = 16000)]
    public int? EmbeddingDimensions { get; init; }
}
