namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>One tag of the catalogue: its files, and how to make an image of the folder they are written to.</summary>
internal sealed record ImageRecipe(string Repository, string Tag, ImageContent Content, Func<string, LocalImage> FromFolder)
{
    public LocalImage Build(string reference, string workDirectory) =>
        FromFolder(Content.Materialize(workDirectory)) with { Reference = reference, Digest = Content.Digest };
}
