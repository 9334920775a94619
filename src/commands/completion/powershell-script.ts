/**
 * Completion for PowerShell 5.1 and later. Nothing of the command line is ever evaluated: words go to the program as they
 * are. Written without PowerShell's own escape character, which a template of JavaScript cannot hold.
 */
export const POWERSHELL_SCRIPT = String.raw`# Completion of %NAME% for PowerShell. Read it with: %NAME% completion powershell | Out-String | Invoke-Expression

[scriptblock]$__%FUNCTION%Completer = {
    param($WordToComplete, $CommandAst, $CursorPosition)

    # The words up to the cursor, without their quotes; the last one only as far as the cursor.
    $words = @()
    $wordEnd = 0
    foreach ($element in $CommandAst.CommandElements) {
        if ($element.Extent.StartOffset -ge $CursorPosition) { break }
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $text = $element.Value
        } else {
            $text = $element.Extent.Text
        }
        $wordEnd = $element.Extent.EndOffset
        if ($wordEnd -gt $CursorPosition) {
            $text = $element.Extent.Text.Substring(0, $CursorPosition - $element.Extent.StartOffset).TrimStart('"', "'")
        }
        $words += $text
    }
    if ($words.Count -eq 0) { return }
    if ($wordEnd -lt $CursorPosition) { $words += '' }

    # Before 7.3, and where it is asked for, PowerShell loses empty arguments on the way to a program.
    $legacy = $PSVersionTable.PSVersion -lt [version]'7.3' -or $PSNativeCommandArgumentPassing -eq 'Legacy'
    $arguments = @($words | Select-Object -Skip 1 | ForEach-Object { if ($_ -eq '' -and $legacy) { '""' } else { $_ } })
    $lines = @(& $words[0] __complete @arguments 2>$null)
    if ($lines.Count -eq 0 -or $lines[-1] -notmatch '^:(\d+)$') { return }
    $directive = [int]$Matches[1]

    # Files and folders are completed by PowerShell itself, when nothing is returned.
    if (($directive -band (8 + 16)) -ne 0) { return }
    $current = $words[-1]
    $prefix = ''
    if ($current -match '^(-[^=]*=)') { $prefix = $Matches[1] }
    $candidates = @($lines | Select-Object -SkipLast 1 | Where-Object { "$prefix$_".StartsWith($current, [StringComparison]::Ordinal) })
    if ($candidates.Count -eq 0) {
        # An empty text keeps PowerShell from offering files.
        if (($directive -band 4) -ne 0) { '' }
        return
    }

    $space = ''
    if ($candidates.Count -eq 1 -and ($directive -band 2) -eq 0) { $space = ' ' }
    foreach ($candidate in $candidates) {
        $name, $description = $candidate.Split([char]9, 2)
        if (-not $description) { $description = $name }
        $text = "$prefix$name"
        # What PowerShell would read as something else than a word is put in quotes.
        if ($text -notmatch '^[\w./:=+%-]+$') { $text = "'" + $text.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new("$text$space", $name, 'ParameterValue', $description)
    }
}

Register-ArgumentCompleter -Native -CommandName '%NAME%' -ScriptBlock $__%FUNCTION%Completer
`;
