using System.Text;

namespace Nuke.Common.Parameters;

/// <summary>Questions on a terminal.</summary>
static class Prompt
{
    public static string ForInput(string question) => Ask(question, echo: key => key);

    public static string ForSecret(string question) => Ask(question, echo: _ => '*');

    /// <returns>The chosen one of <paramref name="choices"/>.</returns>
    public static string ForChoice(string question, IReadOnlyList<string> choices)
    {
        Host.Information(question);
        for (var selected = 0; ; )
        {
            foreach (var (i, choice) in choices.Index())
                Console.WriteLine($"{(i == selected ? '»' : ' ')}  {choice}");
            switch (Console.ReadKey(intercept: true).Key)
            {
                case ConsoleKey.UpArrow:
                    selected = Math.Max(0, selected - 1);
                    break;
                case ConsoleKey.DownArrow:
                    selected = Math.Min(choices.Count - 1, selected + 1);
                    break;
                case ConsoleKey.Enter:
                    return choices[selected];
            }
            Console.CursorTop -= choices.Count;
        }
    }

    // ReadKey throws without a terminal, so the build fails instead of waiting for input that never comes.
    static string Ask(string question, Func<char, char> echo)
    {
        Host.Information(question);
        var answer = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && answer.Length > 0)
            {
                answer.Length--;
                Console.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                answer.Append(key.KeyChar);
                Console.Write(echo(key.KeyChar));
            }
        }
        Console.WriteLine();
        return answer.Length > 0 ? answer.ToString() : null;
    }
}
