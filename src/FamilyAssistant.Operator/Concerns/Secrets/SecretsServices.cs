using FamilyAssistant.Operator.Reconciliation.Procedures;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Registration of the concern.</summary>
internal static class SecretsServices
{
    public static IServiceCollection AddSecretsConcern(this IServiceCollection services) => services
        .AddSingleton<SecretsStep>()
        .AddSingleton<IOperationHandler, RotateVapidKeysHandler>()
        .AddSingleton<IOperationHandler, RotateSessionSecretHandler>();
}
