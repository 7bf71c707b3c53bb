using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Names of the Secrets and ConfigMaps that a pod takes anything from.</summary>
internal sealed class PodReferences
{
    private readonly HashSet<string> _secrets = [];
    private readonly HashSet<string> _maps = [];

    public PodReferences(V1PodSpec spec)
    {
        foreach (var container in spec.Containers.Concat(spec.InitContainers ?? []))
        {
            foreach (var source in container.EnvFrom ?? [])
            {
                Add(source.SecretRef?.Name, source.ConfigMapRef?.Name);
            }

            foreach (var variable in container.Env ?? [])
            {
                Add(variable.ValueFrom?.SecretKeyRef?.Name, variable.ValueFrom?.ConfigMapKeyRef?.Name);
            }
        }

        foreach (var volume in spec.Volumes ?? [])
        {
            Add(volume.Secret?.SecretName, volume.ConfigMap?.Name);
            foreach (var source in volume.Projected?.Sources ?? [])
            {
                Add(source.Secret?.Name, source.ConfigMap?.Name);
            }
        }
    }

    public bool HasSecret(string name) => _secrets.Contains(name);

    public bool HasConfigMap(string name) => _maps.Contains(name);

    private void Add(string? secret, string? map)
    {
        if (secret is not null)
        {
            _secrets.Add(secret);
        }

        if (map is not null)
        {
            _maps.Add(map);
        }
    }
}
