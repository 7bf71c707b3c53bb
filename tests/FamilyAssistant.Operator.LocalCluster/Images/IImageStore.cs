namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>The cluster's registry: which image references can be pulled.</summary>
public interface IImageStore
{
    /// <summary>The image of a reference, or null when it cannot be pulled (the node agent then reports <c>ErrImagePull</c> and <c>ImagePullBackOff</c>).</summary>
    LocalImage? Find(string reference);
}
