using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Debyard.Pipeline.Options;
using Nuke.Common;

partial class Build
{
    // Options of NUKE that are not parameters of the build class.
    static readonly string[] HiddenOptions = ["--generate-configuration", "--shell-completion", "--visual-studio-debug"];

    /// <summary>Prints the mistakes of the command line. NUKE would ignore them and run the targets.</summary>
    /// <returns>Whether there are any.</returns>
    static bool HasMistakes(string[] arguments)
    {
        var options = Parameters().Concat(HiddenOptions.Select(name => new DeclaredOption(name, typeof(string[])))).ToList();
        var mistakes = OptionCheck.Mistakes(arguments, options);
        foreach (var mistake in mistakes)
        {
            Console.Error.WriteLine(mistake);
        }
        return mistakes.Count > 0;
    }

    static IEnumerable<DeclaredOption> Parameters()
    {
        const BindingFlags declared =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var type = typeof(Build); type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers(declared).Concat(type.GetInterfaces().SelectMany(part => part.GetMembers(declared))))
            {
                if (member.GetCustomAttribute<ParameterAttribute>() is { } parameter)
                {
                    var valueType = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
                    yield return new DeclaredOption(
                        OptionName(parameter.Name ?? member.Name),
                        // NUKE parses its own parameters, among them types such as Host and Verbosity.
                        type == typeof(Build)
                        || valueType.IsArray
                        || valueType == typeof(bool)
                            ? valueType
                            : typeof(string),
                        member.GetCustomAttribute<RangeAttribute>()
                    );
                }
            }
        }
    }

    // RepositoryUrl is --repository-url.
    static string OptionName(string name) =>
        "--"
        + string.Concat(name.Select((letter, index) => (char.IsUpper(letter) && index > 0 ? "-" : "") + char.ToLowerInvariant(letter)));
}
