using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Storage;

/// <summary>Registration of the concern.</summary>
internal static class StorageServices
{
    public static IServiceCollection AddStorageConcern(this IServiceCollection services) => services.AddSingleton<StorageStep>();
}
