"""Chat templates that write tools, as published models have them, shortened where that changes
nothing here."""

_HEAD = "{%- set first = messages[0]['role'] == 'system' %}"
_QWEN_TURNS = """
{%- for message in messages %}
    {%- if message.role == "user" or (message.role == "system" and not loop.first)
        or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}{{- '\\n' + message.content }}{%- endif %}
        {%- for call in message.tool_calls %}CALL{%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if messages[loop.index0 - 1].role != "tool" %}{{- '<|im_start|>user' }}{%- endif %}
        {{- '\\n<tool_response>\\n' + message.content + '\\n</tool_response>' }}
        {%- if loop.last or messages[loop.index0 + 1].role != "tool" %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"""
QWEN2_5 = (
    _HEAD
    + """
{%- if tools %}
    {{- '<|im_start|>system\\n' + (messages[0]['content'] if first else 'You are Qwen.') }}
    {{- "\\n\\n# Tools\\n\\nYou may call functions.\\n<tools>" }}
    {%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}
    {{- "\\n</tools>\\n\\nReturn JSON within <tool_call></tool_call>.<|im_end|>\\n" }}
{%- else %}
    {{- '<|im_start|>system\\n' + (messages[0]['content'] if first else 'You are Qwen.') }}
    {{- '<|im_end|>\\n' }}
{%- endif %}"""
    + _QWEN_TURNS.replace(
        "CALL",
        """
            {{- '\\n<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
            {{- call.function.arguments | tojson }}{{- '}\\n</tool_call>' }}""",
    )
)
_XML_CALL = """
            {{- '\\n<tool_call>\\n<function=' + call.function.name + '>\\n' }}
            {%- for name, value in call.function.arguments|items %}
                {{- '<parameter=' + name + '>\\n' }}
                {{- value if value is string else value | tojson }}
                {{- '\\n</parameter>\\n' }}
            {%- endfor %}
            {{- '</function>\\n</tool_call>' }}"""
QWEN3_5 = (
    _HEAD
    + """
{%- if tools %}
    {{- "<|im_start|>system\\n# Tools\\n\\nYou have these functions:\\n\\n<tools>" }}
    {%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}
    {{- "\\n</tools>\\n\\nReply with <tool_call> and <function=name>." }}
    {%- if first %}{{- '\\n\\n' + messages[0]['content'] }}{%- endif %}
    {{- '<|im_end|>\\n' }}
{%- elif first %}
    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
{%- endif %}"""
    + _QWEN_TURNS.replace("CALL", _XML_CALL)
    + """
{%- if add_generation_prompt %}
    {{- '<think>\\n\\n</think>\\n\\n' if enable_thinking is false else '<think>\\n' }}
{%- endif %}"""
)
QWEN3_CODER = (
    _HEAD
    + """
{%- if first or tools %}
    {{- '<|im_start|>system\\n' + (messages[0]['content'] if first else 'You are Qwen.') }}
{%- endif %}
{%- if tools %}
    {{- "\\n\\nYou have access to the following functions:\\n\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n<function>\\n<name>" + tool.function.name + "</name>" }}
        {{- "\\n<description>" + tool.function.description + "</description>\\n<parameters>" }}
        {%- for name, one in tool.function.parameters.properties|items %}
            {{- "\\n<parameter>\\n<name>" + name + "</name>\\n<type>" + one.type + "</type>" }}
            {{- "\\n<description>" + one.description + "</description>\\n</parameter>" }}
        {%- endfor %}
        {{- "\\n</parameters>\\n</function>" }}
    {%- endfor %}
    {{- "\\n</tools>\\n\\nReply with <tool_call> and <function=name>." }}
{%- endif %}
{%- if first or tools %}{{- '<|im_end|>\\n' }}{%- endif %}"""
    + _QWEN_TURNS.replace("CALL", _XML_CALL)
)
LLAMA3_1 = """
{{- bos_token }}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\nToday Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {{- 'You have functions. Respond as {"name": name, "parameters": dictionary}.\\n\\n' }}
    {%- for t in tools %}{{- t | tojson(indent=4) }}{{- "\\n\\n" }}{%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
        {{- message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
        {{- '{"name": "' + call.name + '", "parameters": ' }}
        {{- call.arguments | tojson }}{{- "}<|eot_id|>" }}
    {%- else %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {{- message.content | tojson }}{{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}"""
_MISTRAL_CALLS = """
        {{- "[TOOL_CALLS][" }}
        {%- for call in message.tool_calls %}
            {%- set out = call.function|tojson %}
            {{- out[:-1] }}
            {%- if call.id|length != 9 %}{{- raise_exception("length 9!") }}{%- endif %}
            {{- ', "id": "' + call.id + '"}' }}{{- ", " if not loop.last else "]" + eos_token }}
        {%- endfor %}"""
_MISTRAL_TOOLS = """
            {{- "[AVAILABLE_TOOLS][" }}
            {%- for tool in tools %}
                {{- tool|tojson }}{{- ", " if not loop.last else "]" }}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}"""
_MISTRAL_RESULT = """
        {{- '[TOOL_RESULTS]{"content": ' + message.content|string + ", " }}
        {{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}"""
MISTRAL_NEMO = f"""
{{%- if messages[0]["role"] == "system" %}}
    {{%- set system_message = messages[0]["content"] %}}
    {{%- set loop_messages = messages[1:] %}}
{{%- else %}}
    {{%- set loop_messages = messages %}}
{{%- endif %}}
{{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}}
{{{{- bos_token }}}}
{{%- for message in loop_messages %}}
    {{%- if message["role"] == "user" %}}
        {{%- if tools is not none and (message == user_messages[-1]) %}}{_MISTRAL_TOOLS}
        {{%- endif %}}
        {{%- if loop.last and system_message is defined %}}
            {{{{- "[INST]" + system_message + "\\n\\n" + message["content"] + "[/INST]" }}}}
        {{%- else %}}
            {{{{- "[INST]" + message["content"] + "[/INST]" }}}}
        {{%- endif %}}
    {{%- elif message.tool_calls is defined %}}{_MISTRAL_CALLS}
    {{%- elif message["role"] == "assistant" %}}
        {{{{- message["content"] + eos_token }}}}
    {{%- elif message["role"] == "tool" %}}{_MISTRAL_RESULT}
    {{%- endif %}}
{{%- endfor %}}"""
MISTRAL_SMALL = f"""
{{{{- bos_token }}}}
{{%- set known = messages[0]['role'] == 'system' %}}
{{%- set system_message = messages[0]['content'] if known else "You are Mistral." %}}
{{%- set loop_messages = messages[1:] if known else messages %}}
{{%- if tools is not none %}}
    {{%- set system_message = "You can call tools.\\n\\n" + system_message %}}
{{%- endif %}}
{{{{- '[SYSTEM_PROMPT]' + system_message + '[/SYSTEM_PROMPT]' }}}}
{{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}}
{{%- for message in loop_messages %}}
    {{%- if message["role"] == "user" %}}
        {{%- if tools is not none and (message == user_messages[-1]) %}}{_MISTRAL_TOOLS}
        {{%- endif %}}
        {{{{- '[INST]' + message['content'] + '[/INST]' }}}}
    {{%- elif message.tool_calls is defined %}}{_MISTRAL_CALLS}
    {{%- elif message['role'] == 'assistant' %}}
        {{{{- message['content'] + eos_token }}}}
    {{%- elif message["role"] == "tool" %}}{_MISTRAL_RESULT}
    {{%- endif %}}
{{%- endfor %}}"""
GEMMA4 = """
{%- macro argument(value) -%}
    {{- '<|"|>' + value + '<|"|>' if value is string else value -}}
{%- endmacro -%}
{{ bos_token }}
{%- set first = messages[0]['role'] == 'system' -%}
{%- if tools or first -%}
    {{- '<|turn>system\\n' -}}
    {%- if first -%}{{- messages[0]['content'] | trim -}}{%- endif -%}
    {%- for tool in tools or [] %}
        {{- '<|tool>declaration:' + tool.function.name + '{description:<|"|>' -}}
        {{- tool.function.description + '<|"|>,parameters:{type:<|"|>OBJECT<|"|>}}<tool|>' -}}
    {%- endfor %}
    {{- '<turn|>\\n' -}}
{%- endif %}
{%- for message in (messages[1:] if first else messages) -%}
    {%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}
    {{- '<|turn>' + role + '\\n' }}
    {%- for call in message['tool_calls'] or [] -%}
        {{- '<|tool_call>call:' + call.function.name + '{' -}}
        {%- for key, value in call.function.arguments | dictsort -%}
            {{- (',' if not loop.first else '') + key -}}:{{- argument(value) -}}
        {%- endfor -%}
        {{- '}<tool_call|>' -}}
    {%- endfor -%}
    {{- message['content'] | trim -}}
    {{- '<turn|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|turn>model\\n' -}}{%- endif -%}"""
HARMONY = """
{{- "<|start|>system<|message|>You are ChatGPT.\\n# Valid channels: analysis, commentary, final." }}
{{- "<|end|>" }}
{%- set first = messages[0]['role'] == 'system' %}
{%- if first or tools %}
    {{- "<|start|>developer<|message|>" }}
    {%- if first %}{{- "# Instructions\\n\\n" + messages[0]['content'] + "\\n\\n" }}{%- endif %}
    {%- if tools %}
        {{- "# Tools\\n\\n## functions\\n\\nnamespace functions {\\n\\n" }}
        {%- for tool in tools %}
            {{- "// " + tool.function.description + "\\ntype " + tool.function.name }}
            {{- " = () => any;\\n\\n" }}
        {%- endfor %}
        {{- "} // namespace functions" }}
    {%- endif %}
    {{- "<|end|>" }}
{%- endif %}
{%- for message in (messages[1:] if first else messages) %}
    {%- if message.tool_calls %}
        {%- set call = message.tool_calls[0].function %}
        {{- "<|start|>assistant to=functions." + call.name }}
        {{- "<|channel|>commentary json<|message|>" }}
        {{- call.arguments|tojson }}{{- "<|call|>" }}
    {%- elif message.role == "assistant" %}
        {{- "<|start|>assistant<|channel|>final<|message|>" + message.content + "<|end|>" }}
    {%- elif message.role == "tool" %}
        {{- "<|start|>functions to=assistant<|channel|>commentary<|message|>" }}
        {{- message.content|tojson }}{{- "<|end|>" }}
    {%- else %}
        {{- "<|start|>user<|message|>" + message.content + "<|end|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- "<|start|>assistant" }}{%- endif %}"""
