using Serilog;

namespace Nuke.Common.Parameters;

/// <summary>Where a parameter's value comes from: command line, environment, parameters files, in this order.</summary>
static class ParameterSources
{
    // Case, punctuation and a NUKE_ prefix are ignored in names of environment variables.
    static readonly Lazy<ILookup<string, string>> environmentByPlainName = new(() =>
        EnvironmentInfo.Variables.ToLookup(x => Plain(x.Key), x => x.Value, StringComparer.OrdinalIgnoreCase)
    );

    /// <summary>Set once the build exists: parameters that decide the root directory cannot come from a file in it.</summary>
    public static ParameterFiles Files { get; set; }

    /// <param name="name">The parameter's name as a member: <c>RepositoryUrl</c>.</param>
    /// <param name="type">A type that can be null.</param>
    /// <param name="separator">Splits one word into an array's elements.</param>
    public static object Lookup(string name, Type type, char? separator) =>
        EnvironmentInfo.CommandLine.Named(name, type, separator)
        ?? (name == "Target" ? EnvironmentInfo.CommandLine.Positional(type, separator) : null)
        ?? FromEnvironment(name, type, separator)
        ?? Files?.Lookup(name, type);

    static object FromEnvironment(string name, Type type, char? separator)
    {
        var value = EnvironmentInfo.GetVariable(name);
        if (value == null)
        {
            string[] candidates = [.. environmentByPlainName.Value[Plain(name)], .. environmentByPlainName.Value[$"NUKE{Plain(name)}"]];
            if (candidates.Length > 1)
                Log.Warning("Could not resolve {VariableName} since multiple values are provided", name);
            if (candidates.Length != 1)
                return null;
            value = candidates[0];
        }

        try
        {
            return ParameterValue.Convert(value, type, separator);
        }
        catch (Exception exception)
        {
            throw ParameterValue.ConversionFailure(
                string.Join(
                    Environment.NewLine,
                    exception.Message,
                    $"Resolving parameter '{name}' failed. Environment variable was:",
                    value
                )
            );
        }
    }

    static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}
