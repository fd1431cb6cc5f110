using System.Text;
using Nuke.Common.Parameters;

namespace Nuke.Common.Execution;

/// <summary><c>--help</c>, and what a build without a default target says when it is given none.</summary>
static class HelpText
{
    const int TextWidth = 90;

    public static void Show(NukeBuild build, IReadOnlyList<ParameterMember> parameters)
    {
        Host.Debug(Targets(build));
        Host.Debug(Parameters(build, [.. parameters.Where(x => x.Attribute.List)]));
        Environment.Exit(0);
    }

    static string Targets(NukeBuild build)
    {
        var width = Math.Max(build.ExecutableTargets.Max(x => x.Name.Length), 20);
        var text = new StringBuilder().AppendLine("Targets (with their direct dependencies):").AppendLine();
        foreach (var target in build.ExecutableTargets.Where(x => x.Listed))
        {
            var dependencies =
                target.ExecutionDependencies.Count > 0 ? $" -> {string.Join(", ", target.ExecutionDependencies.Select(x => x.Name))}" : "";
            text.Append("  ").Append((target.Name + (target.IsDefault ? " (default)" : "")).PadRight(width)).AppendLine(dependencies);
            if (!string.IsNullOrWhiteSpace(target.Description))
                text.Append("    ").AppendLine(target.Description);
        }
        return text.ToString();
    }

    static string Parameters(NukeBuild build, IReadOnlyList<ParameterMember> parameters)
    {
        var width = Math.Max(parameters.Max(x => x.DashedName.Length), 16);
        var defaults = string.Join(", ", build.ExecutableTargets.Where(x => x.IsDefault).Select(x => x.Name));
        var text = new StringBuilder().AppendLine("Parameters:");
        if (parameters.Any(x => !x.IsBuiltIn))
            text.AppendLine();
        foreach (var parameter in parameters.Where(x => !x.IsBuiltIn))
            Append(parameter);
        text.AppendLine();
        foreach (var parameter in parameters.Where(x => x.IsBuiltIn))
            Append(parameter);
        return text.ToString();

        void Append(ParameterMember parameter)
        {
            var description = parameter.Description is { } given
                ? $"{given.Replace("{default_target}", defaults.Length > 0 ? defaults : "<none>", StringComparison.Ordinal).TrimEnd('.')}."
                : "<no description>";
            var lines = Wrap(description, indent: width + 6);
            text.Append("  --").Append(parameter.DashedName.PadRight(width)).Append("  ").AppendLine(lines[0]);
            foreach (var line in lines.Skip(1))
                text.Append(' ', width + 6).AppendLine(line);
        }
    }

    // Every word brings the space before it.
    static List<string> Wrap(string text, int indent)
    {
        List<string> lines = [""];
        foreach (var word in text.Split(' '))
        {
            var length = indent + lines[^1].Length + word.Length;
            if (length >= Console.BufferWidth || length > TextWidth)
                lines.Add("");
            lines[^1] += $" {word}";
        }
        return lines;
    }
}
