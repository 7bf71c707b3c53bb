namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>Where the stand-in images come from and go to.</summary>
public sealed record StandInImageOptions
{
    /// <summary>Folder that the images' files are written to; kept between runs, one folder per digest.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>
    /// What the application takes for <c>https://api.telegram.org</c>; its images carry it as <c>TELEGRAM_API_BASE_URL</c>.
    /// Not part of their digest. Null: the variable is absent and the application will not reach any Bot API.
    /// </summary>
    public Uri? TelegramBaseAddress { get; init; }

    /// <summary>Folder with <c>catalog.yaml</c> and the images' sources; by default the copy beside this assembly.</summary>
    public string SourceDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "images");
}
