using FamilyAssistant.Operator.CrdGenerator;
using FamilyAssistant.Operator.CrdGenerator.Output;

// crds DIR writes the generated files of the repository at DIR; crds check DIR only says which of them are out of date.
var check = args is ["check", _];
if (!check && args is not [_])
{
    Console.Error.WriteLine("usage: crds [check] REPOSITORY");
    return 2;
}

try
{
    var drifted = 0;
    foreach (var (path, content) in GeneratedFiles.Build())
    {
        var file = Path.Combine(args[^1], path);
        if (File.Exists(file) && File.ReadAllText(file) == content)
            continue;
        drifted++;
        Console.WriteLine(check ? $"{path} is out of date: run make crds" : $"wrote {path}");
        if (check)
            continue;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    return check && drifted > 0 ? 1 : 0;
}
catch (GeneratorException e)
{
    Console.Error.WriteLine($"crds: {e.Message}");
    return 1;
}
