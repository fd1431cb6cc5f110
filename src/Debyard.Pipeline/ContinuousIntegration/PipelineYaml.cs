using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>
/// Writes a pipeline as a person would: keys in a fixed order, quotes only where YAML needs them, short lists on one line.
/// </summary>
public static partial class PipelineYaml
{
    const int LongestFlow = 90;

    // Plain scalars that YAML 1.1, which GitLab's parser reads, does not take for text.
    [GeneratedRegex(@"^(?:|~|null|true|false|yes|no|on|off|[-+]?[0-9][0-9_.:eE+-]*)$", RegexOptions.IgnoreCase)]
    private static partial Regex NotText { get; }

    [GeneratedRegex(@"^[A-Za-z0-9_$./*-]+$")]
    private static partial Regex Word { get; }

    public static string Write(GitLabPipeline pipeline)
    {
        var blocks = new List<string>();
        if (pipeline.Header.Count > 0)
        {
            blocks.Add(Comment(pipeline.Header));
        }
        if (pipeline.Inputs.Count > 0)
        {
            blocks.Add(Text("spec", new YamlMappingNode("inputs", Inputs(pipeline.Inputs))) + "---\n");
        }
        Add("stages", List(pipeline.Stages));
        Add("workflow", Map(("rules", Rules(pipeline.Rules))));
        Add("variables", Texts(pipeline.Variables));
        Add("default", pipeline.Inputs.Count > 0 ? null : Default(pipeline));
        foreach (var job in pipeline.Jobs)
        {
            blocks.Add((job.Comment is { } comment ? Comment(comment.Split('\n')) : "") + Text(job.Name, Job(job)));
        }
        return string.Join('\n', blocks);

        void Add(string key, YamlNode? node)
        {
            if (node is not null)
            {
                blocks.Add(Text(key, node));
            }
        }
    }

    static YamlMappingNode Inputs(IReadOnlyList<PipelineInput> inputs)
    {
        var node = new YamlMappingNode();
        foreach (var input in inputs)
        {
            node.Add(
                input.Name,
                Map(
                    ("description", Scalar(input.Description)),
                    ("type", input.IsList ? Scalar("array") : null),
                    ("default", input.IsList ? List(input.Default.Split(' ')) : Scalar(input.Default))
                )!
            );
        }
        return node;
    }

    static YamlNode? Default(GitLabPipeline pipeline) =>
        Map(
            ("image", Scalar(pipeline.Image)),
            ("services", List(pipeline.Services)),
            ("tags", Tags(pipeline.Tags)),
            ("interruptible", Scalar(true)),
            // Only what another runner may do better: a failed build fails again.
            ("retry", Map(("max", new YamlScalarNode("2")), ("when", List(["runner_system_failure", "scheduler_failure"]))))
        );

    static YamlMappingNode Job(Job job) =>
        Map(
            ("stage", Scalar(job.Stage)),
            ("image", Scalar(job.Image)),
            ("tags", Tags(job.Tags)),
            ("needs", job.Needs is { } needs ? List(needs) ?? Flow(new YamlSequenceNode()) : null),
            ("parallel", job.Parallel is { } parallel ? new YamlScalarNode($"{parallel}") : null),
            ("rules", Rules(job.Rules)),
            ("variables", Texts(job.Variables)),
            ("id_tokens", job.HasIdToken ? Map(("DEBYARD_ID_TOKEN", Map(("aud", Scalar("$DEBYARD_URL"))))) : null),
            ("environment", Environment(job.Environment)),
            ("resource_group", Scalar(job.ResourceGroup)),
            ("interruptible", job.IsInterruptible ? null : Scalar(false)),
            ("trigger", Trigger(job.TriggersPipelineOf)),
            ("script", Script(job.Script)),
            (
                "cache",
                job.Cache is { } cache ? Map(("key", Scalar(cache.Key)), ("when", Scalar("always")), ("paths", List(cache.Paths))) : null
            ),
            ("artifacts", Artifacts(job.Artifacts))
        )!;

    static YamlNode? Rules(IEnumerable<Rule> rules) =>
        Block(
            rules.Select(rule =>
                Map(
                    ("if", Scalar(rule.If)),
                    ("when", Scalar(rule.When ?? (rule.If is null ? "on_success" : null))),
                    ("allow_failure", rule.AllowsFailure ? Scalar(true) : null)
                )!
            )
        );

    static YamlNode? Environment(JobEnvironment? environment) =>
        environment is null
            ? null
            : Map(
                ("name", Scalar(environment.Name)),
                ("url", Scalar(environment.Url)),
                ("on_stop", Scalar(environment.OnStop)),
                ("auto_stop_in", Scalar(environment.AutoStopIn)),
                ("action", environment.IsStopped ? Scalar("stop") : null)
            );

    static YamlNode? Trigger(string? job) =>
        job is null
            ? null
            : Map(
                ("include", Block([Map(("artifact", Scalar(ChildPipeline.File)), ("job", Scalar(job)))!])),
                ("strategy", Scalar("depend"))
            );

    static YamlNode? Script(IReadOnlyList<string> script) =>
        script is [var line] && !line.Contains('\n') ? Scalar(line) : Block(script.Select(Lines));

    static YamlNode? Artifacts(JobArtifacts? artifacts) =>
        artifacts is null
            ? null
            : Map(
                ("when", artifacts.EvenAfterFailure ? Scalar("always") : null),
                ("paths", List(artifacts.Paths)),
                ("reports", Map(("junit", Scalar(artifacts.JUnit)), ("dotenv", Scalar(artifacts.Dotenv)))),
                ("expire_in", Scalar(artifacts.ExpireIn))
            );

    /// <summary>Null if all values are.</summary>
    static YamlMappingNode? Map(params (string Key, YamlNode? Value)[] entries)
    {
        var node = new YamlMappingNode();
        foreach (var (key, value) in entries)
        {
            if (value is not null)
            {
                node.Add(key, value);
            }
        }
        return node.Children.Count > 0 ? node : null;
    }

    static YamlMappingNode? Texts(IReadOnlyDictionary<string, string> texts) =>
        Map([.. texts.Select(text => (text.Key, (YamlNode?)Scalar(text.Value)))]);

    // An input of an included file may stand for the whole list.
    static YamlNode? Tags(IReadOnlyList<string> tags) => tags is [['$', '[', ..] input] ? Scalar(input) : List(tags);

    static YamlNode? List(IEnumerable<string> items)
    {
        var texts = items.ToList();
        return texts.Count == 0 ? null
            : texts.All(text => Word.IsMatch(text)) && texts.Sum(text => text.Length + 2) <= LongestFlow
                ? Flow(new YamlSequenceNode(texts.Select(text => Scalar(text)!)))
            : Block(texts.Select(text => Scalar(text)!));
    }

    static YamlSequenceNode Flow(YamlSequenceNode node)
    {
        node.Style = SequenceStyle.Flow;
        return node;
    }

    static YamlSequenceNode? Block(IEnumerable<YamlNode> items) =>
        items.ToList() is { Count: > 0 } nodes ? new YamlSequenceNode(nodes) : null;

    static YamlScalarNode Scalar(bool value) => new(value ? "true" : "false");

    static YamlScalarNode? Scalar(string? text) =>
        text is null ? null : new YamlScalarNode(text) { Style = NotText.IsMatch(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };

    static YamlNode Lines(string text) => text.Contains('\n') ? new YamlScalarNode(text) { Style = ScalarStyle.Literal } : Scalar(text)!;

    static string Comment(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"# {line}".TrimEnd() + "\n"));

    static string Text(string key, YamlNode value)
    {
        var text = new StringWriter { NewLine = "\n" };
        var settings = new EmitterSettings().WithIndentedSequences().WithBestWidth(int.MaxValue);
        new YamlStream(new YamlDocument(new YamlMappingNode(Scalar(key)!, value))).Save(new Emitter(text, settings), assignAnchors: false);
        var yaml = text.ToString();
        // The end of the document, which a stream of one needs not.
        return yaml.EndsWith("...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml;
    }
}
